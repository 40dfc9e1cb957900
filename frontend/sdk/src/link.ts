import { backoff } from './backoff'
import { Refused, type Call } from './calls'
import type { Ports, Socket } from './ports'
import type { ClientFrame, ServerFrame } from './wire'

export type LinkState = 'idle' | 'connecting' | 'live' | 'waiting'

export interface LinkHost {
  ports: Ports
  /** https://host/widget/KEY */
  root: string
  /** Where it is kept that sockets do not get through here. */
  slot: string
  call: Call
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
const HANDSHAKE_MS = 8_000
const REFUSED_SOCKETS = 2
/** How long a page's finding that sockets are blocked spares the next pages to find it again. */
const BLOCKED_MS = 600_000
const NEW_SESSION = [4401, 4403, 4408]
const OPEN = 1

/** One live line to the server: a WebSocket, or a long poll where sockets do not get through. */
export function openLink({ ports, root, slot, call, token, after, renew, frame: pass, changed }: LinkHost): Link {
  const { store } = ports
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
    changed(next)
  }

  const take = (frame: ServerFrame) => {
    if (frame.t === 'welcome') arrived()
    if (frame.t === 'resync') {
      stale = true
      lost()
    } else pass(frame)
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
    old.onmessage = old.onclose = null
    old.close()
  }

  const connect = () => {
    ports.cancel(timer)
    const mine = ++run
    become('connecting')
    const ready = stale || !token() ? renew() : Promise.resolve()
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
    const query = `token=${encodeURIComponent(token())}&after=${encodeURIComponent(after())}`
    const opened = (socket = ports.openSocket(`${root.replace(/^http/, 'ws')}/ws?${query}`))
    if (opened.readyState > OPEN) {
      closed(0) // forbidden by the page's policy, of which browsers tell in no other way
      return
    }
    opened.onmessage = ({ data }) => {
      heardAt = ports.now()
      const frames = JSON.parse(data) as ServerFrame | ServerFrame[]
      for (const frame of [frames].flat()) take(frame)
    }
    opened.onclose = ({ code }) => {
      closed(code)
    }
    heardAt = ports.now()
    // Some proxies neither pass a handshake on nor refuse it.
    pinger = ports.after(HANDSHAKE_MS, () => {
      if (state !== 'live') closed(0)
      else pinger = ports.after(PING_MS - HANDSHAKE_MS, ping)
    })
  }

  const closed = (code: number) => {
    // The browser hides why a handshake failed; a new session settles an expired token.
    stale = state !== 'live' || NEW_SESSION.includes(code)
    if (state !== 'live' && ++refused >= REFUSED_SOCKETS) {
      polling = true
      store.setItem(slot, String(ports.now()))
    }
    lost()
  }

  const ping = () => {
    if (ports.now() - heardAt > DEAF_MS) {
      lost()
      return
    }
    send({ t: 'ping' })
    pinger = ports.after(PING_MS, ping)
  }

  /** Asks while nothing else began meanwhile; a refused token asks for a new session. */
  const ask = async (mine: number, path: string, body?: string) => {
    try {
      const { frames } = await call<{ frames: ServerFrame[] }>(path, body)
      if (mine !== run) return
      if (!body) arrived()
      frames.forEach(take)
    } catch (error) {
      stale = error instanceof Refused && error.status === 401
      if (mine === run) lost()
    }
  }

  const poll = async (mine: number) => {
    become('live')
    while (mine === run) await ask(mine, `/poll?after=${encodeURIComponent(after())}`)
  }

  const send = (frame: ClientFrame): boolean => {
    if (state !== 'live') return false
    if (polling) {
      if (frame.t !== 'ping') void ask(run, '/frames', JSON.stringify(frame))
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
    start() {
      if (state !== 'idle') return
      polling = ports.now() - Number(store.getItem(slot)) < BLOCKED_MS
      connect()
    },
    stop() {
      run++
      ports.cancel(timer)
      hangUp()
      stale = false
      attempt = refused = 0
      become('idle')
    },
    nudge() {
      if (state !== 'waiting') return
      attempt = 0
      connect()
    },
    send,
  }
}
