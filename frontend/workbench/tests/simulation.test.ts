/** What a simulation tells: better, worse, and only the documents in which a number was turned. */
import { expect, test } from 'vitest'
import type { ConfigDocument } from '@/client/admin'
import type { Findings } from '@/client/simulations'
import { documentsOf, numbersOf } from '@/simulation/numbers'
import { promiseRows, verdict } from '@/simulation/verdict'

const promise = (key: string, late: number) => ({ kind: 'first_response', key, count: 9, near: 0, late, open: 0, spent_p95: 0.5 })
const findings = (p95: number, late: number, more: Partial<Findings> = {}): Findings => ({
  arrivals: 9, served: 9, left: 0, unserved: 0, helped: 0, waits: { 4: { count: 9, p50: 1, p95, late: 0 } }, gini: 0.3, matched: 0.99,
  loads: [], queue: [], by_priority: [promise('4', late)], by_type: [], took_s: 1, moved: 0, ...more,
})
const documents = [
  { kind: 'routing', name: 'default', body: { live_cap: null, skill_wait_s: 60, weights: { call: { alone: true } } } },
  { kind: 'sla_policy', name: 'default', body: { targets: { urgent: { first_response: { minutes: 10, clock: 'working' } } } } },
] as unknown as ConfigDocument[]

test('what changed is told with its direction, what stayed is not', () => {
  const told = verdict(findings(130, 4), findings(38, 6, { matched: 0.999 }))
  expect(told.better.map((each) => each.what)).toEqual(['wait', 'matched'])
  expect(told.worse).toEqual([{ what: 'late_first_response', before: 4, after: 6, unit: 'count' }])
  expect(verdict(findings(130, 4), findings(130.5, 4))).toEqual({ better: [], worse: [] })
})

test('a promise of one side only stands beside nothing', () => {
  const rows = promiseRows([promise('4', 1)], [promise('3', 2), promise('4', 0)])
  expect(rows.map((row) => [row.key, row.before?.late, row.after?.late])).toEqual([['4', 1, 0], ['3', undefined, 2]])
})

test('only turned numbers are written, into the documents as they are', () => {
  const known = numbersOf(documents)
  expect(documentsOf(documents, known)).toEqual([])
  const wanted = { routing: { ...known.routing, live_cap: 3 }, promises: { ...known.promises, 'urgent.first_response': 5 } }
  expect(documentsOf(documents, wanted)).toEqual([
    { kind: 'routing', name: 'default', body: { live_cap: 3, skill_wait_s: 60, weights: { call: { alone: true } } } },
    { kind: 'sla_policy', name: 'default', body: { targets: { urgent: { first_response: { minutes: 5, clock: 'working' } } } } },
  ])
})
