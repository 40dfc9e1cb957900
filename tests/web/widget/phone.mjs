// What a mini-program and uni-app share of a telephone: storage, sockets and requests by callbacks, nothing of a browser.
const { WebSocket: Dialled, fetch: asked } = globalThis
const kept = new Map()

/** What such a program has not: the SDK must not reach for it. */
export function hideBrowser() {
  for (const name of ['WebSocket', 'fetch', 'crypto', 'localStorage', 'URLSearchParams']) {
    Object.defineProperty(globalThis, name, { get() { throw new Error(`no ${name} here`) }, configurable: true })
  }
}

export function connectSocket({ url }) {
  const line = new Dialled(url)
  return {
    onOpen: (heard) => line.addEventListener('open', () => heard({})),
    onMessage: (heard) => line.addEventListener('message', ({ data }) => heard({ data })),
    onClose: (heard) => line.addEventListener('close', ({ code }) => heard({ code })),
    onError: (heard) => line.addEventListener('error', () => heard({ errMsg: 'failed' })),
    send: ({ data }) => line.send(data),
    close: () => line.close(),
  }
}

export const phone = {
  getStorageSync: (key) => kept.get(key) ?? '',
  setStorageSync: (key, value) => kept.set(key, value),
  removeStorageSync: (key) => kept.delete(key),
  connectSocket,
  request({ url, method, header, data, success, fail }) {
    asked(url, { method, headers: header, body: data }).then(
      async (answer) => success({ statusCode: answer.status, data: await answer.text() }),
      (wrong) => fail({ errMsg: `request:fail ${wrong.message}` }),
    )
  },
}
