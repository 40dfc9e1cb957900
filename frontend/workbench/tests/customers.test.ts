/** The list of customers: what changed elsewhere is in it, and nothing moves under the reader's hand. */
import { describe, expect, test } from 'vitest'
import type { CustomerRow } from '@/client/customers'
import { onTop, refreshed } from '@/customers/rows'

const row = (id: string, over: Partial<CustomerRow> = {}): CustomerRow => ({
  id, name: id, level: 0, created_at: '2026-11-22T10:00:00Z', identities: [], last_contact: null, channel: null, open: 0, orders: 0,
  tags: [], claimed: [], contacts: [id], matched: null, masked: false, ...over,
})
const names = (rows: CustomerRow[]) => rows.map((each) => each.name).join(' ')

describe('a row that was read again', () => {
  const list = [row('a'), row('b'), row('c')]

  test('has its new name, in its place', () => {
    expect(names(refreshed(list, new Set(['b']), [row('b', { name: 'B' })], true))).toBe('a B c')
  })

  test('goes when it was merged into another; under a hand it stays and tells of that one', () => {
    const head = row('a', { name: 'A', contacts: ['a', 'b'] })
    expect(names(refreshed(list, new Set(['a', 'b']), [head], false))).toBe('A c')
    const held = refreshed(list, new Set(['a', 'b']), [head], true)
    expect([names(held), held.map((each) => each.id).join('')]).toEqual(['A A c', 'abc'])
  })

  test('brings whoever was parted from it, below it, when no hand is on the list', () => {
    const one = [row('a', { contacts: ['a', 'x'] }), row('c')]
    const answer = [row('a'), row('x')]
    expect(names(refreshed(one, new Set(['a']), answer, false))).toBe('a x c')
    expect(names(refreshed(one, new Set(['a']), answer, true))).toBe('a c')
  })

  test('stays masked before 核身 whatever is told of it', () => {
    expect(names(refreshed([row('a', { name: '王**', masked: true })], new Set(['a']), [row('a', { name: '王小明' })], false))).toBe('王**')
  })

  test('of somebody who may not be seen any more goes', () => {
    expect(names(refreshed(list, new Set(['c']), [], false))).toBe('a b')
  })
})

describe('the first page again', () => {
  const list = [row('a'), row('b'), row('c'), row('d')]
  const page = [row('new'), row('b', { name: 'B' }), row('a')]

  test('puts who is new on top, and follows the order', () => {
    expect(onTop(list, page, false, false)).toMatchObject({ arrived: 0 })
    expect(names(onTop(list, page, false, false).rows)).toBe('new B a c d')
  })

  test('moves nothing under a hand: who is new is counted', () => {
    const held = onTop(list, page, false, true)
    expect([names(held.rows), held.arrived]).toEqual(['a B c d', 1])
  })

  test('drops who is not there any more', () => {
    expect(names(onTop(list, [row('b'), row('c')], false, false).rows)).toBe('b c d')
    expect(names(onTop(list, [row('b')], true, false).rows)).toBe('b')
    expect(names(onTop(list, [], true, false).rows)).toBe('')
  })

  test('does not take for new who only came up from below its end', () => {
    expect(onTop([row('a'), row('b')], [row('a'), row('b'), row('z')], false, true).arrived).toBe(0)
    expect(names(onTop([], [row('a')], false, true).rows)).toBe('a')
  })
})
