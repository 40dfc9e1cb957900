// A mini-program's surroundings in Node: `wx`, storage, one page. Prints what the page shows, as JSON lines.
import { pathToFileURL } from 'node:url'

const [folder, base, inbox, text, code] = process.argv.slice(2)
const kept = new Map()
// What a mini-program has not: the SDK must not reach for it.
const { WebSocket: Dialled, fetch: asked } = globalThis
for (const name of ['WebSocket', 'fetch', 'crypto', 'localStorage', 'URLSearchParams']) {
  Object.defineProperty(globalThis, name, { get() { throw new Error(`no ${name} here`) }, configurable: true })
}

globalThis.wx = {
  login: ({ success }) => code && success({ code }),
  getStorageSync: (key) => kept.get(key) ?? '',
  setStorageSync: (key, value) => kept.set(key, value),
  removeStorageSync: (key) => kept.delete(key),
  connectSocket({ url }) {
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
