import type { Ports, ServerFrame, Session, Socket } from '../src'

/** A server's end of a socket, a clock that is moved by hand, and a network that can be down. */
export class FakeSocket implements Socket {
  readyState = 0
  onopen: Socket['onopen'] = null
  onmessage: Socket['onmessage'] = null
  onclose: Socket['onclose'] = null
  sent: Record<string, unknown>[] = []

  constructor(readonly url: string) {}

  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }

  close() {
    this.readyState = 3
  }

  /** The server accepts and greets. */
  welcome(pos = '1:0') {
    this.readyState = 1
    this.give({ t: 'welcome', pos, conversation: null })
  }

  give(...frames: ServerFrame[]) {
    this.onmessage?.({ data: JSON.stringify(frames.length === 1 ? frames[0] : frames) })
  }

  drop(code = 1006) {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

export const SESSION: Session = {
  token: 'token', visitor: 'visitor', expires: '2099-01-01T00:00:00Z', pos: '1:0', conversation: null, messages: [],
  unread: 0, profile: {},
}

export function surroundings() {
  let time = 1_000_000
  let next = 1
  let ids = 0
  const timers = new Map<number, { at: number; run: () => void }>()
  const kept = new Map<string, string>()
  const sockets: FakeSocket[] = []
  const calls: { path: string; body: unknown; headers: Record<string, string> }[] = []
  const answers: Record<string, (body: unknown) => unknown> = { '/session': () => SESSION }
  const world = {
    down: false,
    sockets,
    calls,
    answers,
    kept,
    timers,
    get socket() {
      return sockets.at(-1) as FakeSocket
    },
    ports: {
      store: {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => void kept.set(key, value),
        removeItem: (key: string) => void kept.delete(key),
      },
      openSocket(url: string) {
        const socket = new FakeSocket(url)
        sockets.push(socket)
        return socket
      },
      fetch(url: string, init?: RequestInit) {
        if (world.down) return Promise.reject(new TypeError('network'))
        const path = new URL(url).pathname.replace('/widget/shop', '')
        const body: unknown = typeof init?.body === 'string' && init.body ? JSON.parse(init.body) : init?.body
        calls.push({ path, body, headers: (init?.headers ?? {}) as Record<string, string> })
        const answer = answers[path]?.(body)
        if (answer instanceof Promise) return answer.then((value) => reply(value))
        return Promise.resolve(reply(answer))
      },
      now: () => time,
      random: () => 0.5,
      after(ms: number, run: () => void) {
        timers.set(next, { at: time + ms, run })
        return next++
      },
      cancel: (timer: number) => void timers.delete(timer),
      newId: () => `id-${++ids}`,
    } satisfies Ports,
    /** Moves the clock and runs what falls due, in order. */
    async pass(ms: number) {
      const end = time + ms
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0]
        if (!due) break
        time = Math.max(time, due[1].at)
        timers.delete(due[0])
        due[1].run()
        await settle()
      }
      time = end
      await settle()
    },
  }
  return world
}

const reply = (value: unknown) =>
  value instanceof Response ? value : new Response(JSON.stringify(value ?? {}), { status: value === undefined ? 404 : 200 })

export async function settle() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  await new Promise((resolve) => setTimeout(resolve, 0))
}
