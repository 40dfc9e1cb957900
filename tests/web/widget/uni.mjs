// uni-app's surroundings in Node: `uni`, the life of one page, its single-file component compiled as the vendor's
// builder does it for a platform that is no app. Prints what the page shows, as JSON lines.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

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
const { WebSocket: Dialled, fetch: asked } = globalThis
for (const name of ['WebSocket', 'fetch', 'crypto', 'localStorage', 'URLSearchParams']) {
  Object.defineProperty(globalThis, name, { get() { throw new Error(`no ${name} here`) }, configurable: true })
}
const kept = new Map()
globalThis.life = {}
globalThis.uni = {
  getLocale: () => 'zh-Hans',
  getStorageSync: (key) => kept.get(key) ?? '',
  setStorageSync: (key, value) => kept.set(key, value),
  removeStorageSync: (key) => kept.delete(key),
  connectSocket({ url, success, fail, complete }) {
    if (!success && !fail && !complete) return Promise.resolve() // no task without a callback: uni-app's own way
    const line = new Dialled(url)
    return {
      onOpen: (heard) => line.addEventListener('open', () => heard({})),
      onMessage: (heard) => line.addEventListener('message', ({ data }) => heard({ data })),
      onClose: (heard) => line.addEventListener('close', ({ code }) => heard({ code })),
      onError: (heard) => line.addEventListener('error', () => heard({ errMsg: 'failed' })),
      send: ({ data }) => line.send(data),
      close: () => line.close(),
    }
  },
  request({ url, method, header, data, success, fail }) {
    asked(url, { method, headers: header, body: data }).then(
      async (answer) => success({ statusCode: answer.status, data: await answer.text() }),
      (wrong) => fail({ errMsg: `request:fail ${wrong.message}` }),
    )
  },
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
