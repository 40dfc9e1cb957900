/** How rows that were read again come into the list. Pure: `held` says that somebody's hand is on it. */
import type { CustomerRow } from '@/client/customers'

/** Rows of `asked` as they are now: one of them may have been merged into another, or taken apart. Held, a merged one
 * stays where it is and tells of whom it belongs to now, and whoever was parted comes later. */
export function refreshed(rows: CustomerRow[], asked: ReadonlySet<string>, answer: CustomerRow[], held: boolean): CustomerRow[] {
  const now = new Map(answer.map((row) => [row.id, row]))
  const headOf = new Map(answer.flatMap((row) => [row.id, ...row.contacts].map((contact) => [contact, row] as const)))
  const standing = rows.map((row) => row.id)
  const all = rows.flatMap((row) => {
    if (!asked.has(row.id) || row.masked) return [row] // who he is waits for 核身, whatever is told of him
    const head = now.get(row.id) ?? headOf.get(row.id)
    if (!head) return held ? [row] : []
    if (held) return [{ ...head, id: row.id, matched: row.matched ?? null }]
    const parted = answer.filter((each) => each.id !== head.id && row.contacts.includes(each.id) && !standing.includes(each.id))
    return [head, ...parted].map((each) => ({ ...each, matched: row.matched ?? null }))
  })
  return held ? all : once(all)
}

/** The first page again; `all`: there is no other. Held, only what stands there is replaced, and who is new is counted. */
export function onTop(rows: CustomerRow[], page: CustomerRow[], all: boolean, held: boolean): { rows: CustomerRow[]; arrived: number } {
  const known = new Set(rows.map((row) => row.id))
  const fresh = new Map(page.map((row) => [row.id, row]))
  const top = rows.length && !all ? page.slice(0, pastLast(page, known)) : page
  const arrived = top.filter((row) => !known.has(row.id)).length
  if (held && rows.length) return { rows: rows.map((row) => fresh.get(row.id) ?? row), arrived }
  const below = all ? [] : rows.slice(pastLast(rows, fresh)) // who stood above and is not on the page is gone
  return { rows: [...top, ...below], arrived: 0 }
}

/** How many rows there are up to the last of these. */
const pastLast = (rows: CustomerRow[], ids: { has: (id: string) => boolean }) => rows.reduce((n, row, at) => (ids.has(row.id) ? at + 1 : n), 0)

const once = (rows: CustomerRow[]) => {
  const seen = new Set<string>()
  return rows.filter((row) => !seen.has(row.id) && seen.add(row.id))
}
