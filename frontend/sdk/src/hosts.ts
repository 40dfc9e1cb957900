import { memoryStore, newId, type Answer, type Asked, type Ports, type Socket, type Store } from './ports'

/** Timers, clock and chance, which every host has. */
const common = () => ({
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms: number, run: () => void) => setTimeout(run, ms) as unknown as number,
  cancel: (timer: number) => {
    clearTimeout(timer)
  },
})

/** Node 22 and later. Without a store that lasts, the visitor is another one at every start. */
export const nodePorts = (store: Store = memoryStore()): Ports => ({
  ...common(),
  store,
  openSocket: (url) => new WebSocket(url) as unknown as Socket,
  fetch: (url, asked) => fetch(url, asked),
  newId,
})

interface MiniTask {
  onOpen(heard: () => void): void
  onMessage(heard: (event: { data: string | ArrayBuffer }) => void): void
  onClose(heard: (event: { code: number }) => void): void
  onError(heard: () => void): void
  send(said: { data: string; fail?: () => void }): void
  close(said: object): void
}

/** What is used of `wx`, `uni`, `tt`, `my` … */
export interface MiniHost {
  connectSocket(asked: { url: string; complete(): void }): MiniTask
  request(asked: {
    url: string
    method: string
    header: Record<string, string>
    data?: string | ArrayBuffer
    dataType: string
    timeout: number
    success(answer: { statusCode: number; data: unknown }): void
    fail(wrong: { errMsg: string }): void
  }): unknown
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: string): void
  removeStorageSync(key: string): void
}

/** A long poll lasts 25 s; a mini-program's own patience may be less. */
const PATIENCE_MS = 60_000
const OPEN = 1
const CLOSED = 3
const LOST = 1006

/** Mini-programs and uni-app: `miniPorts(wx)`, `miniPorts(uni)`. */
export const miniPorts = (host: MiniHost): Ports => ({
  ...common(),
  store: {
    getItem: (key) => (host.getStorageSync(key) as string) || null,
    setItem: (key, value) => { host.setStorageSync(key, value) },
    removeItem: (key) => { host.removeStorageSync(key) },
  },
  openSocket: (url) => miniSocket(host, url),
  fetch: (url, asked) => miniFetch(host, url, asked),
  newId: plainId,
})

function miniSocket(host: MiniHost, url: string): Socket {
  // uni-app answers with a task only when it is given a callback.
  const task = host.connectSocket({ url, complete: () => undefined })
  const closed = (code: number) => {
    if (socket.readyState === CLOSED) return
    socket.readyState = CLOSED
    socket.onclose?.({ code })
  }
  const socket: Socket = {
    readyState: 0,
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (data) => { task.send({ data, fail: () => { closed(LOST) } }) },
    close: () => { task.close({}) },
  }
  task.onOpen(() => {
    socket.readyState = OPEN
    socket.onopen?.({} as never)
  })
  task.onMessage(({ data }) => {
    if (typeof data === 'string') socket.onmessage?.({ data })
  })
  task.onClose(({ code }) => { closed(code) })
  task.onError(() => { closed(LOST) })
  return socket
}

const miniFetch = (host: MiniHost, url: string, { method, body, headers }: Asked) =>
  new Promise<Answer>((resolve, reject) => {
    host.request({
      url, method, header: headers, data: body as string | ArrayBuffer | undefined, dataType: 'text', timeout: PATIENCE_MS,
      success: ({ statusCode, data }) => {
        const json = () => Promise.resolve().then(() => (typeof data === 'string' ? (JSON.parse(data) as unknown) : data))
        resolve({ ok: statusCode >= 200 && statusCode < 300, status: statusCode, json })
      },
      fail: ({ errMsg }) => { reject(new Error(errMsg)) },
    })
  })

/** Of a version 4 id its looks: it only tells one visitor's messages apart, so chance without a secure source will do. */
const plainId = () =>
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(Math.random() * 16).toString(16))
