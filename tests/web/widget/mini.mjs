// A mini-program's surroundings in Node: `wx`, storage, one page. Prints what the page shows, as JSON lines.
import { pathToFileURL } from 'node:url'
import { hideBrowser, phone } from './phone.mjs'

const [folder, base, inbox, text, code] = process.argv.slice(2)
hideBrowser()

globalThis.wx = {
  ...phone,
  login: ({ success }) => code && success({ code }),
  chooseMedia: () => Promise.resolve({ tempFiles: [{ tempFilePath: 'wxfile://tmp/1.jpg' }] }),
  getFileSystemManager: () => ({ readFile: ({ success }) => success({ data: new Uint8Array([0xff, 0xd8, 0xff, 0xe0]).buffer }) }),
}
let app, page
globalThis.App = (made) => (app = made)
globalThis.getApp = () => app
globalThis.Page = (made) => (page = made)

await import(pathToFileURL(`${folder}/app.js`))
app.globalData = { base, inbox }
await import(pathToFileURL(`${folder}/pages/chat/chat.js`))

let pictured = false
page.setData = (given) => {
  Object.assign(page.data, given)
  const shown = page.data.lines.map((line) => `${line.from}:${line.text || line.attachments[0]?.name}:${line.state}`)
  console.log(JSON.stringify(shown))
  if (shown.includes(`customer:${text}:sent`) && !pictured && (page.data.name || !code)) {
    pictured = true
    void page.picture()
  }
  if (shown.some((line) => line.startsWith('agent:'))) {
    setTimeout(() => { page.onUnload(); process.exit(0) }, 100)
  }
}
page.onLoad()
page.onShow()
page.typed({ detail: { value: text } })
page.send()
