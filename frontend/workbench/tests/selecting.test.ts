/** What a row can say of a condition by itself, and what it leaves to the server. */
import { describe, expect, test } from 'vitest'
import type { TicketRow } from '@/client/types'
import { judge, treeOf } from '@/desk/list/selecting'
import type { TicketFilters } from '@/stores/tickets'

const row = {
  status: 'open', channel: 'email', priority: 3, type: 'refund.return', tags: ['急'], waiting_reason: null, agent_id: 'a',
  subject: '退款 ABC', preview: '怎么还没到', due: null, chases: 0, repeats: 0,
} as unknown as TicketRow
const is = (field: string, op: string, value?: unknown) => judge({ field, op, value }, row)

describe('views', () => {
  test('a row answers what it knows', () => {
    expect([is('types', 'contains', 'refund'), is('types', 'in', ['fault']), is('priority', 'gte', 3)]).toEqual([true, false, true])
    expect([is('text', 'contains', 'abc'), is('waiting_reason', 'is_empty'), is('waiting_reason', 'eq', 'internal')]).toEqual([true, true, false])
    expect([is('status', 'not_in', ['done']), is('chases', 'lt', 1), is('tags', 'contains', '急')]).toEqual([true, true, true])
  })

  test('what it does not know is for the server, unless something else decides', () => {
    const unknown = { field: 'segment', op: 'contains', value: 'vip' }
    expect(judge({ all: [unknown, { field: 'status', op: 'eq', value: 'open' }] }, row)).toBe(null)
    expect(judge({ all: [unknown, { field: 'status', op: 'eq', value: 'done' }] }, row)).toBe(false)
    expect(judge({ any: [unknown, { field: 'status', op: 'eq', value: 'open' }] }, row)).toBe(true)
    expect(judge({ not: unknown }, row)).toBe(null)
    expect(judge({}, row)).toBe(true)
  })

  test('filters are a condition', () => {
    const filters = { view: 'all', saved: '', status: 'open', type: 'refund', due: 'any', priority: '', text: ' ', channel: '', tag: '', team: '', waiting_reason: '', segment: '' } as TicketFilters
    expect(treeOf(filters)).toEqual({ all: [
      { field: 'status', op: 'eq', value: 'open' }, { field: 'types', op: 'contains', value: 'refund' }, { field: 'due', op: 'is_set' },
    ] })
  })
})
