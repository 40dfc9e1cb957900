/** The guide goes on when a step was really done; a hint comes to who is stuck, and is quiet afterwards. */
import { describe, expect, test } from 'vitest'
import { after, current, finished, NOTHING, reached, skipping, STEPS } from '@/guide/steps'
import type { Facts } from '@/guide/steps'
import { hintOf, QUIET_MS } from '@/guide/lost'
import type { Happening } from '@/guide/lost'

const call = (facts: Facts, method: string, path: string, body = {}) => after(facts, { method, path, body })
const SAY = '/conversations/1/messages'

describe('the guide', () => {
  test('an agent goes through it by doing', () => {
    let facts = NOTHING
    const seen: (string | undefined)[] = []
    const note = () => seen.push(current('agent', facts)?.key)
    note()
    facts = { ...facts, online: true, live: 3 }; note()
    facts = { ...facts, opened: true }; note()
    facts = call(facts, 'POST', SAY, { quick_reply: 'refund' }); note()
    facts = call(facts, 'POST', '/conversations/1/end'); note()
    facts = { ...facts, channels: 2, written: ['w'] }; note()
    facts = call(facts, 'POST', SAY, { client_id: 'w' }); note()
    facts = call(facts, 'GET', '/work/conversation/1/why'); note()
    expect(seen).toEqual(['online', 'open', 'template', 'end', 'customer', 'offline', 'why', undefined])
    expect(finished('agent', facts)).toBe(STEPS.agent.length)
  })

  test('what was over once stays over, on another device too', () => {
    const done = reached('agent', { ...NOTHING, online: true, live: 3, opened: true })
    expect(done).toEqual(['online', 'open'])
    expect(current('agent', { ...NOTHING, done })?.key).toBe('template')
  })

  test('a message counts as offline only when it was written while the network was gone, and has arrived', () => {
    const ready = { ...NOTHING, done: ['online', 'open', 'template', 'send', 'end', 'customer'], written: ['cut'] }
    expect(current('agent', ready)?.key).toBe('offline')
    expect(current('agent', call(ready, 'POST', SAY, { client_id: 'after' }))?.key).toBe('offline')
    expect(current('agent', call(ready, 'POST', SAY, { client_id: 'cut' }))?.key).toBe('why')
  })

  test('two customers are not three, and a skipped step is left out and not counted', () => {
    expect(current('agent', { ...NOTHING, online: true, live: 2 })?.key).toBe('online')
    const skipped = { ...NOTHING, done: STEPS.agent.map(skipping) }
    expect([current('agent', skipped), finished('agent', skipped)]).toEqual([null, 0])
  })

  test('looking is not doing', () => {
    const facts = call(call(NOTHING, 'GET', SAY), 'GET', '/simulations')
    expect(facts.done).toEqual([])
    expect(current('supervisor', call(NOTHING, 'GET', '/monitor'))?.key).toBe('why')
  })
})

describe('a hint', () => {
  const shut = (at: number, target = 'end'): Happening => ({ what: 'click', at, target, shut: true })

  test('comes when the same thing is pressed again and again in vain', () => {
    expect(hintOf([shut(QUIET_MS), shut(QUIET_MS + 900), shut(QUIET_MS + 1800)], 0)).toBe('stuck')
    expect(hintOf([shut(QUIET_MS), shut(QUIET_MS + 900, 'other'), shut(QUIET_MS + 1800)], 0)).toBe(null)
    expect(hintOf([shut(QUIET_MS), { what: 'done', at: QUIET_MS + 1 }, shut(QUIET_MS + 900), shut(QUIET_MS + 1800)], 0)).toBe(null)
    expect(hintOf([shut(900), shut(1000), shut(1800)], 500)).toBe(null)
  })

  test('comes where nothing can be pressed at all, but not to who only marks a paragraph', () => {
    const plain = (n: number): Happening => ({ what: 'click', at: QUIET_MS + n * 200, target: '#208000', shut: true, plain: true })
    expect([hintOf([1, 2, 3].map(plain), 0), hintOf([1, 2, 3, 4, 5].map(plain), 0)]).toEqual([null, 'stuck'])
  })

  test('comes when the same is refused, or pages are only passed through', () => {
    const refused = [1, 2, 3].map((n): Happening => ({ what: 'refused', at: QUIET_MS + n * 9000, code: 'conflict' }))
    const pages = [1, 2, 3, 4, 5, 6].map((n): Happening => ({ what: 'page', at: QUIET_MS + n * 2000, page: `p${n}` }))
    expect([hintOf(refused, 0), hintOf(pages, 0), hintOf(pages.slice(2), 0)]).toEqual(['refused', 'lost', null])
  })
})
