import { client, ui } from '../app'

let first: string | undefined
let count = 0

/** Draws, and keeps the newest line in sight unless the visitor scrolled up to read; then what he reads stays there. */
export function keepPlace(shadow: ShadowRoot, draw: () => void): void {
  const before = shadow.querySelector('.log')
  const below = before && before.scrollHeight - before.scrollTop
  draw()
  const log = shadow.querySelector('.log')
  const { lines } = client
  const mine = lines.length > count && lines.at(-1)?.from === 'customer' && first === lines[0]?.key
  if (log && (!before || mine || !ui.scrolledUp)) log.scrollTop = log.scrollHeight
  else if (log && below !== null && first !== lines[0]?.key) log.scrollTop = log.scrollHeight - below
  first = lines[0]?.key
  count = log ? lines.length : 0
}
