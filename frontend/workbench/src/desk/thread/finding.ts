/** Where in a thread something is said: pure, but for the painting. */
import type { Message } from '@/client/types'

const plain = (text: string) => text.toLowerCase()

/** Messages on the screen that say it, oldest first; as the server finds those that are not. */
export function saying(messages: Message[], asked: string): string[] {
  const words = plain(asked.trim())
  if (!words) return []
  return messages.filter((each) => each.direction !== 'system' && !each.recalled_at && plain(each.text).includes(words)).map((each) => each.id)
}

/** What lies before the screen, then what is on it. */
export function allHits(told: string[], messages: Message[], asked: string): string[] {
  const here = new Set(messages.map((each) => each.id))
  return [...told.filter((id) => !here.has(id)), ...saying(messages, asked)]
}

/** The one after or before, round and round; from nowhere the newest. */
export function step(hits: string[], from: string | null, by: number): string | null {
  const at = from === null ? -1 : hits.indexOf(from)
  if (at < 0) return hits.at(-1) ?? null
  return hits[(at + by + hits.length) % hits.length] ?? null
}

/** Every place in the text that says it, as [from, to]. */
export function placesIn(text: string, asked: string): [number, number][] {
  const [all, words] = [plain(text), plain(asked.trim())]
  if (!words || all.length !== text.length) return []
  const places: [number, number][] = []
  for (let at = all.indexOf(words); at >= 0; at = all.indexOf(words, at + words.length)) places.push([at, at + words.length])
  return places
}

/** The bubble that shows it: of what was said again and again only the first stands there. */
export function rowOf(log: Element, messages: Message[], id: string): HTMLElement | null {
  for (let at = messages.findIndex((each) => each.id === id); at >= 0; at--) {
    const row = log.querySelector<HTMLElement>(`[data-id="${messages[at]?.id}"]`)
    if (row) return row
  }
  return null
}

/** What each thread on the screen has found: the browser knows one paint for all. */
const painted = new Map<Element, Range[]>()

/** The browser paints the words without the thread being touched; an older one shows the bubble alone. */
export function paint(log: Element | null, asked: string, row: HTMLElement | null): void {
  for (const old of log?.querySelectorAll('[data-found]') ?? []) old.removeAttribute('data-found')
  row?.setAttribute('data-found', '')
  if (!('highlights' in CSS)) return
  if (log) painted.set(log, asked.trim() ? [...log.querySelectorAll('.bubble')].flatMap((bubble) => rangesIn(bubble, asked)) : [])
  for (const [each, ranges] of painted) if (!ranges.length || !each.isConnected) painted.delete(each)
  CSS.highlights.set('found', new Highlight(...[...painted.values()].flat()))
}

function rangesIn(bubble: Element, asked: string): Range[] {
  const ranges: Range[] = []
  const walker = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    for (const [from, to] of placesIn(node.textContent ?? '', asked)) {
      const range = new Range()
      range.setStart(node, from)
      range.setEnd(node, to)
      ranges.push(range)
    }
  }
  return ranges
}
