import { backoff } from './backoff'
import type { Ports, Socket } from './ports'
import type { ClientFrame, ServerFrame } from './wire'

export type LinkState = 'idle' | 'connecting' | 'live' | 'waiting'

export interface LinkHost {
  ports: Ports
  /** https://host/widget/KEY */
  root: string
  token(): string
  /** The last position taken in: the server goes on after it. */
  after(): string
  /** Opens a session again; rejects when the server cannot be reached. */
  renew(): Promise<void>
  frame(frame: ServerFrame): void
  changed(state: LinkState): void
}

export interface Link {
  readonly state: LinkState
  start(): void
  stop(): void
  /** The network or the page came back: try now, not when the back-off ends. */
  nudge(): void
  /** False when the frame did not leave; durable frames are sent again once live. */
  send(frame: ClientFrame): boolean
}

const PING_MS = 25_000
const DEAF_MS = 65_000
const REFUSED_SOCKETS = 2
const NEW_SESSION = [4401, 4403, 4408]
const OPEN = 1

/** One live line to the server: a WebSocket, or a long poll where sockets do not get through. */
export function openLink(host: LinkHost): Link {
  const { ports } = host
  let state: LinkState = 'idle'
  let socket: Socket | null = null
  let polling = false
  let attempt = 0
  let refused = 0
  let stale = false
  let heardAt = 0
  let timer = 0
  let pinger = 0
  /** Raised by every start, stop and loss: an answer to an older run is dropped. */
  let run = 0

  const become = (next: LinkState) => {
    if (state === next) return
    state = next
    host.changed(next)
  }

  const hear = (text: string) => {
    heardAt = ports.now()
    const frames = JSON.parse(text) as ServerFrame | ServerFrame[]
    for (const frame of Array.isArray(frames) ? frames : [frames]) take(frame)
  }

  const take = (frame: ServerFrame) => {
    if (frame.t === 'welcome') arrived()
    if (frame.t === 'resync') {
      stale = true
      lost()
    } else host.frame(frame)
  }

  const arrived = () => {
    attempt = refused = 0
    become('live')
  }

  const lost = () => {
    run++
    hangUp()
    become('waiting')
    ports.cancel(timer)
    timer = ports.after(backoff(attempt++, ports.random), connect)
  }

  const hangUp = () => {
    ports.cancel(pinger)
    const old = socket
    socket = null
    if (!old) return
    old.onopen = old.onmessage = old.onclose = null
    old.close()
  }

  const connect = () => {
    ports.cancel(timer)
    const mine = ++run
    become('connecting')
    const ready = stale || !host.token() ? host.renew() : Promise.resolve()
    ready.then(
      () => {
        if (mine !== run) return
        stale = false
        if (polling) void poll(mine)
        else dial()
      },
      () => {
        if (mine === run) lost()
      },
    )
  }

  const dial = () => {
    const query = `token=${encodeURIComponent(host.token())}&after=${encodeURIComponent(host.after())}`
    const opened = (socket = ports.openSocket(`${host.root.replace(/^http/, 'ws')}/ws?${query}`))
    opened.onmessage = (event) => {
      hear(event.data)
    }
    opened.onclose = (event) => {
      // The browser hides why a handshake failed; a new session settles an expired token.
      if (state !== 'live') polling = ++refused >= REFUSED_SOCKETS
      stale = state !== 'live' || NEW_SESSION.includes(event.code)
      lost()
    }
    heardAt = ports.now()
    pinger = ports.after(PING_MS, ping)
  }

  const ping = () => {
    if (ports.now() - heardAt > DEAF_MS) {
      lost()
      return
    }
    send({ t: 'ping' })
    pinger = ports.after(PING_MS, ping)
  }

  const call = (path: string, init: RequestInit = {}) =>
    ports.fetch(host.root + path, {
      ...init,
      headers: { Authorization: `Bearer ${host.token()}`, 'Content-Type': 'application/json' },
    })

  const answered = async (response: Response) => {
    stale = response.status === 401
    if (!response.ok) throw new Error(`status ${response.status}`)
    return (await response.json()) as { frames: ServerFrame[] }
  }

  const poll = async (mine: number) => {
    become('live')
    try {
      while (mine === run) {
        const { frames } = await answered(await call(`/poll?after=${encodeURIComponent(host.after())}`))
        if (mine !== run) return
        arrived()
        frames.forEach(take)
      }
    } catch {
      if (mine === run) lost()
    }
  }

  const post = async (frame: ClientFrame) => {
    const mine = run
    try {
      const { frames } = await answered(await call('/frames', { method: 'POST', body: JSON.stringify(frame) }))
      frames.forEach(take)
    } catch {
      if (mine === run) lost()
    }
  }

  const send = (frame: ClientFrame): boolean => {
    if (state !== 'live') return false
    if (polling) {
      if (frame.t !== 'ping') void post(frame)
      return true
    }
    if (socket?.readyState !== OPEN) return false
    socket.send(JSON.stringify(frame))
    return true
  }

  return {
    get state() {
      return state
    },
    start: () => {
      if (state === 'idle') connect()
    },
    stop: () => {
      run++
      ports.cancel(timer)
      hangUp()
      stale = polling = false
      attempt = refused = 0
      become('idle')
    },
    nudge: () => {
      if (state !== 'waiting') return
      attempt = 0
      connect()
    },
    send,
  }
}
