// uni-app's surroundings in Node: `uni`, the life of one page, its single-file component compiled as the vendor's
// builder does it for a platform that is no app. Prints what the page shows, as JSON lines.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { connectSocket, hideBrowser, phone } from './phone.mjs'

const [folder, base, inbox, text, modules] = process.argv.slice(2)
const from = createRequire(`${modules}/`)
const { compileScript, parse } = from('@vue/compiler-sfc')
const vue = pathToFileURL(from.resolve('vue')).href
const life = `const on = (when) => (run) => (globalThis.life[when] = run)
export const onLoad = on('load'), onShow = on('show'), onHide = on('hide'), onUnload = on('unload')`
writeFileSync(`${folder}/life.mjs`, life)
const source = readFileSync(`${folder}/pages/chat/chat.vue`, 'utf8')
  .replace(/\/\/ #ifdef APP-PLUS[^]*?\/\/ #endif/g, '')
  .replace("'https://desk.example.com'", JSON.stringify(base))
  .replace("'KEY'", JSON.stringify(inbox))
  .replace("'@dcloudio/uni-app'", "'./life.mjs'")
  .replace("'@/static/yizhan-sdk.js'", "'./yizhan-sdk.js'")
const { descriptor } = parse(source)
const { content } = compileScript(descriptor, { id: 'chat', inlineTemplate: false })
writeFileSync(`${folder}/chat.mjs`, content.replaceAll("from 'vue'", `from '${vue}'`).replaceAll('from "vue"', `from "${vue}"`))

const { watch } = await import(vue)
hideBrowser()
globalThis.life = {}
globalThis.uni = {
  getLocale: () => 'zh-Hans',
  ...phone,
  // No task without a callback: uni-app's own way.
  connectSocket: (asked) => (asked.success || asked.fail || asked.complete ? connectSocket(asked) : Promise.resolve()),
}

const { default: page } = await import(pathToFileURL(`${folder}/chat.mjs`))
const shown = page.setup({}, { expose() {}, emit() {}, attrs: {}, slots: {} })
watch(shown.lines, (lines) => {
  console.log(JSON.stringify(lines.map((line) => `${line.from}:${line.text}:${line.state}`)))
  if (!lines.some((line) => line.from === 'agent')) return
  globalThis.life.hide()
  globalThis.life.unload()
  setTimeout(() => process.exit(0), 100)
})
globalThis.life.load()
globalThis.life.show()
shown.text.value = text
shown.send()
