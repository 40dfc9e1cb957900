/** The line comes back with its position, and knows a dead line. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Frame } from '@/live/frames'
import { decode } from '@/live/frames'
import { backoff, openLink } from '@/live/link'

class Line {
  readyState = 1
  said: string[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null
  send = (text: string) => void this.said.push(text)
  close = () => this.onclose?.()
  hear = (...frames: unknown[]) => this.onmessage?.({ data: JSON.stringify(frames) })
}

const WATCH = { tickets: [], contacts: [], conversations: [], queue: true, visitors: false, monitor: false, list: 'mine' } as const
let lines: Line[] = []
let heard: Frame[] = []
let states: string[] = []

function open() {
  lines = []
  heard = []
  states = []
  return openLink({
    url: 'ws://x', watch: () => ({ ...WATCH, tickets: [], contacts: [], conversations: [] }), random: () => 1,
    onFrame: (frame) => void heard.push(frame), onState: (state) => void states.push(state),
    open: () => {
      const line = new Line()
      lines.push(line)
      return line as unknown as WebSocket
    },
  })
}

const hello = (line: Line) => JSON.parse(line.said[0] ?? '{}') as { after: string | null }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('link', () => {
  test('resumes after the last position it heard', () => {
    open()
    lines[0]!.onopen?.()
    expect(hello(lines[0]!).after).toBeNull()
    lines[0]!.hear({ t: 'hello', pos: '1:5', session: 's' }, { t: 'pos', pos: '1:9' })
    lines[0]!.close()
    expect(states.at(-1)).toBe('waiting')
    vi.advanceTimersByTime(500)
    lines[1]!.onopen?.()
    expect(hello(lines[1]!).after).toBe('1:9')
  })

  test('after a resync it asks for nothing missed', () => {
    open()
    lines[0]!.onopen?.()
    lines[0]!.hear({ t: 'hello', pos: '1:5', session: 's' }, { t: 'resync', reason: 'slow' })
    lines[0]!.close()
    vi.advanceTimersByTime(500)
    lines[1]!.onopen?.()
    expect(hello(lines[1]!).after).toBeNull()
    expect(heard.map((frame) => frame.t)).toContain('resync')
  })

  test('closes a line that fell silent', () => {
    open()
    lines[0]!.onopen?.()
    vi.advanceTimersByTime(20_500)
    expect(lines.length).toBe(2)
  })

  test('pauses double up to a limit, half of them chance', () => {
    expect([0, 1, 2, 20].map((attempt) => backoff(attempt, () => 1))).toEqual([500, 1000, 2000, 20_000])
    expect(backoff(3, () => 0)).toBe(2000)
  })

  test('stays closed once closed', () => {
    open().close()
    vi.advanceTimersByTime(60_000)
    expect(lines.length).toBe(1)
  })
})

test('rubbish is no frame', () => {
  expect(decode('{')).toEqual([])
  expect(decode('[1,null,{"t":"pos","pos":"1:1"}]')).toEqual([{ t: 'pos', pos: '1:1' }])
})
