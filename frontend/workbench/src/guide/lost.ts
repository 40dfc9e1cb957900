/** Whether somebody is stuck or lost: a quiet hint then, and none again for a while. Pure. */
export type Happening =
  | { what: 'click'; at: number; target: string; shut: boolean; plain?: boolean } // shut: nothing comes of it; plain: it is no control at all
  | { what: 'refused'; at: number; code: string }
  | { what: 'page'; at: number; page: string }
  | { what: 'done'; at: number }

export type Hint = 'stuck' | 'refused' | 'lost'

const STUCK_MS = 6_000
const STUCK_TIMES = 3
const PLAIN_TIMES = 5 // three quick ones select a paragraph
const REFUSED_MS = 60_000
const REFUSED_TIMES = 3
const LOST_MS = 20_000
const LOST_PAGES = 6
export const QUIET_MS = 5 * 60_000

/** Of what happened last, the newest at the end; whatever went well makes all before it forgotten. */
export function hintOf(happened: readonly Happening[], last: number): Hint | null {
  const newest = happened.at(-1)
  if (!newest || newest.what === 'done' || newest.at - last < QUIET_MS) return null
  const since = happened.slice(happened.map((each) => each.what).lastIndexOf('done') + 1)
  const lately = (ms: number) => since.filter((each) => newest.at - each.at <= ms)
  if (newest.what === 'click' && newest.shut) {
    const same = lately(STUCK_MS).filter((each) => each.what === 'click' && each.shut && each.target === newest.target)
    if (same.length >= (newest.plain ? PLAIN_TIMES : STUCK_TIMES)) return 'stuck'
  }
  if (newest.what === 'refused') {
    const same = lately(REFUSED_MS).filter((each) => each.what === 'refused' && each.code === newest.code)
    if (same.length >= REFUSED_TIMES) return 'refused'
  }
  const pages = lately(LOST_MS).filter((each) => each.what === 'page')
  return newest.what === 'page' && pages.length >= LOST_PAGES ? 'lost' : null
}
