/** A socket that keeps coming back: resumes after the last position, doubles its pauses, wakes with the network. */
import { newKey } from '@/client/http'
import type { ClientFrame, Frame, Watch } from './frames'
import { decode } from './frames'

export type LinkState = 'connecting' | 'open' | 'waiting' | 'closed'

export interface LinkHost {
  url: string
  watch: () => Watch
  onFrame: (frame: Frame) => void
  onState: (state: LinkState) => void
  random?: () => number
  open?: (url: string) => WebSocket
}

export interface Link {
  send: (frame: ClientFrame) => void
  close: () => void
  wake: () => void
}

const FIRST_MS = 500
const LAST_MS = 20_000
const SILENT_MS = 20_000 // the server says its position every 5 s: this long without a word is a dead line

export function backoff(attempt: number, random: () => number): number {
  const whole = Math.min(LAST_MS, FIRST_MS * 2 ** attempt)
  return whole / 2 + (whole / 2) * random()
}

export function openLink(host: LinkHost): Link {
  const random = host.random ?? Math.random
  const open = host.open ?? ((url: string) => new WebSocket(url))
  const self = newKey() // by which the server knows that this window is back, whatever it has heard of the line before
  let socket: WebSocket | null = null
  let pos: string | null = null
  let attempt = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let closed = false

  function connect(): void {
    if (closed) return
    clearTimeout(retry)
    host.onState('connecting')
    const mine = open(host.url)
    socket = mine
    mine.onopen = () => {
      mine.send(JSON.stringify({ t: 'hello', after: pos, window: self, watch: host.watch() } satisfies ClientFrame))
      heard(mine)
    }
    mine.onmessage = (event) => {
      heard(mine)
      for (const frame of decode(String(event.data))) take(frame)
    }
    mine.onclose = () => {
      if (socket === mine) again()
    }
  }

  function take(frame: Frame): void {
    if (frame.t === 'hello') {
      attempt = 0
      host.onState('open')
    }
    if (frame.t === 'resync') pos = null
    else if ('pos' in frame && frame.pos) pos = frame.pos
    host.onFrame(frame)
  }

  function heard(on: WebSocket): void {
    clearTimeout(silence)
    silence = setTimeout(() => on.close(), SILENT_MS)
  }

  function again(): void {
    clearTimeout(silence)
    socket = null
    if (closed) return
    host.onState('waiting')
    retry = setTimeout(connect, backoff(attempt++, random))
  }

  connect()
  return {
    send: (frame) => {
      if (socket?.readyState === 1) socket.send(JSON.stringify(frame))
    },
    wake: () => {
      if (socket === null) connect()
    },
    close: () => {
      closed = true
      clearTimeout(retry)
      clearTimeout(silence)
      socket?.close()
      host.onState('closed')
    },
  }
}
