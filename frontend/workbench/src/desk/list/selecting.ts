/** Filters as a condition, and whether a row fulfils a condition as far as a row can say. */
import type { TicketRow } from '@/client/types'
import type { TicketFilters } from '@/stores/tickets'

type Tree = Record<string, unknown>
/** Null: only the server knows. */
export type Verdict = boolean | null

const PLAIN = ['status', 'channel', 'type', 'tag', 'team', 'waiting_reason', 'segment'] as const
/** Filters that only a condition can ask; the others have an index of their own. */
export const ONLY_ASKED = ['team', 'waiting_reason', 'segment', 'text'] as const
const FIELDS: Record<string, string> = { type: 'types', tag: 'tags' }

export function treeOf(filters: TicketFilters): Tree {
  const parts: Tree[] = PLAIN.filter((name) => filters[name]).map((name) => {
    const list = name === 'type' || name === 'tag' || name === 'segment'
    return { field: FIELDS[name] ?? name, op: list ? 'contains' : 'eq', value: filters[name] }
  })
  if (filters.priority) parts.push({ field: 'priority', op: 'eq', value: Number(filters.priority) })
  if (filters.due) parts.push(filters.due === 'any' ? { field: 'due', op: 'is_set' } : { field: 'due', op: 'eq', value: filters.due })
  if (filters.text.trim()) parts.push({ field: 'text', op: 'contains', value: filters.text.trim() })
  return parts.length ? { all: parts } : {}
}

export function judge(tree: unknown, row: TicketRow): Verdict {
  if (Array.isArray(tree)) return every(tree, row)
  const it = (tree ?? {}) as Tree
  if (Array.isArray(it['all'])) return every(it['all'], row)
  if (Array.isArray(it['any'])) return opposite(every(it['any'].map((part) => ({ not: part })), row))
  if ('not' in it) return opposite(judge(it['not'], row))
  return 'field' in it ? answer(it, row) : true
}

const opposite = (said: Verdict): Verdict => (said === null ? null : !said)

function every(parts: unknown[], row: TicketRow): Verdict {
  const said = parts.map((part) => judge(part, row))
  return said.includes(false) ? false : said.includes(null) ? null : true
}

const READ: Record<string, (row: TicketRow) => unknown> = {
  types: (row) => row.type.split('.').map((_, at, all) => all.slice(0, at + 1).join('.')),
  text: (row) => `${row.subject} ${row.preview}`,
  due: (row) => (row.due && row.due.state !== 'paused' ? row.due.state : null),
  agent: (row) => row.agent_id,
  owner: (row) => row.owner_id,
}
const OWN = ['status', 'channel', 'priority', 'type', 'tags', 'waiting_reason', 'order_no', 'subject', 'repeats', 'chases'] as const

function answer(leaf: Tree, row: TicketRow): Verdict {
  const name = String(leaf['field'])
  const own = OWN.find((each) => each === name)
  const read = READ[name]
  if (!own && !read) return null
  const fact: unknown = own ? row[own] : read?.(row)
  const bare = fact === null || fact === undefined || fact === '' || (Array.isArray(fact) && !fact.length)
  const wanted = (Array.isArray(leaf['value']) ? leaf['value'] : [leaf['value']]) as unknown[]
  const lower = (of: unknown) => String(of).toLowerCase()
  const has = Array.isArray(fact) ? wanted.some((each) => fact.includes(each)) : wanted.some((each) => fact === each)
  switch (leaf['op']) {
    case 'is_empty': return bare
    case 'is_set': return !bare
    case 'ne': case 'not_in': return !has
    case 'eq': case 'in': return has
    case 'contains': return Array.isArray(fact) ? has : !bare && wanted.some((each) => lower(fact).includes(lower(each)))
    case 'starts_with': return !bare && wanted.some((each) => lower(fact).startsWith(lower(each)))
    case 'gt': return !bare && Number(fact) > Number(wanted[0])
    case 'gte': return !bare && Number(fact) >= Number(wanted[0])
    case 'lt': return !bare && Number(fact) < Number(wanted[0])
    case 'lte': return !bare && Number(fact) <= Number(wanted[0])
    default: return null
  }
}
