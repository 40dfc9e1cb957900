/** 我的数据: what it was before, what is usual, and what would help most. */
import { describe, expect, test } from 'vitest'
import type { AgentDay, Figures } from '@/client/ratings'
import { against, cards, written } from '@/ratings/figures'
import { nextSteps } from '@/ratings/next'
import { looked } from '@/ratings/spans'

const NONE: Omit<AgentDay, 'day'> = {
  served: 0, first_replies: 0, first_reply_s: 0, turns: 0, waited_s: 0, ended: 0, length_s: 0, handed_on: 0, repeated: 0, asked: 0, rated: 0,
  starred: 0, stars: 0, judged: 0, solved: 0, excluded: 0,
}
const day = (of: string, more: Partial<AgentDay>): AgentDay => ({ ...NONE, day: of, ...more })
const said = (days: AgentDay[], values: Record<string, number> = {}): Figures => ({
  agent_id: 'a', start: '2026-11-23', end: '2026-11-24', days, promises_kept: 3, promises_late: 1, states: { online: 5400, break: 1800, offline: 9 },
  days_present: [{ day: '2026-11-16', states: { online: 3600 } }, { day: '2026-11-24', states: { online: 5400, break: 1800 } }],
  middle: { colleagues: 6, values },
})

describe('the days looked at', () => {
  test('are compared with as many of the same kind', () => {
    expect(looked('day', '2026-11-24').before).toEqual({ start: '2026-11-23', end: '2026-11-23' })
    expect(looked('week', '2026-11-24')).toEqual({ start: '2026-11-23', end: '2026-11-24', before: { start: '2026-11-16', end: '2026-11-17' }, since: '2026-11-11' })
    expect(looked('month', '2026-03-31').before).toEqual({ start: '2026-02-01', end: '2026-02-28' })
    expect(looked('quarter', '2026-11-24').before).toBe(null)
  })
})

describe('a figure', () => {
  const week = looked('week', '2026-11-24')
  const found = (name: string, of: Figures) => cards(of, week).find((card) => card.name === name)

  test('adds up its own days, and shows what was before beside it', () => {
    const of = said([
      day('2026-11-16', { served: 4, first_replies: 2, first_reply_s: 60 }), day('2026-11-19', { served: 90 }),
      day('2026-11-23', { served: 2, first_replies: 1, first_reply_s: 50 }), day('2026-11-24', { served: 3, first_replies: 1, first_reply_s: 30 }),
    ], { first: 20 })
    const [served, first] = [found('served', of), found('first', of)]
    expect([served?.value, served?.before]).toEqual([5, 4])
    expect([first?.value, first?.before, first?.usual]).toEqual([40, 30, 20])
    expect(first && against(first)).toEqual({ by: '0:10', up: true, good: false })
    expect(served && against(served)?.good).toBe(null)
    expect(served?.days.filter((each) => !each.earlier).map((each) => each.value)).toEqual([2, 3])
    expect(found('worked', of)?.value).toBe(7200)
    expect(found('worked', of)?.before).toBe(3600)
    expect(found('promises', of)?.value).toBe(0.75)
  })

  test('working time is hours, not days', () => expect(written(30 * 3600 + 65, 'seconds')).toBe('30:01:05'))
})

describe('what to do next', () => {
  const week = looked('week', '2026-11-24')
  const slow = cards(said([day('2026-11-24', { first_replies: 1, first_reply_s: 60, judged: 10, solved: 5, served: 10, handed_on: 4 })], { first: 20, solved: 0.9, handed_on: 0.1 }), week)

  test('customers first, then what is furthest from usual', () => {
    expect(nextSteps({ waiting: ['c1', 'c2'], promises: 1, handover: 0 }, slow)).toEqual([
      { what: 'waiting', n: 2, id: 'c1' }, { what: 'promises', n: 1 },
      { what: 'more', name: 'handed_on', figure: 'handed_on' }, { what: 'slower', name: 'first', figure: 'first' },
    ])
  })

  test('nothing where nothing is behind', () => {
    expect(nextSteps(null, cards(said([day('2026-11-24', { first_replies: 1, first_reply_s: 20 })], { first: 20 }), week))).toEqual([])
  })
})
