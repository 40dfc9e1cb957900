/** Conditions as rows and groups, and back to the JSON that rules keep. */
import { describe, expect, it } from 'vitest'
import { blank, placeOf, read, valueFor, write } from '@/settings/config/condition/condition'
import type { AskedField, Group } from '@/settings/config/condition/condition'

const question = { field: 'type', op: 'eq', value: 'refund' }
const other = { field: 'level', op: 'gte', value: 2 }
const number: AskedField = { name: 'level', type: 'number', title: { zh: '会员等级', en: 'level' }, ops: ['gte', 'in'], choices: [] }

describe('a condition', () => {
  it.each([
    [{}, {}],
    [[], {}],
    [question, { all: [question] }],
    [[question, other], { all: [question, other] }],
    [{ any: [question, { all: [other] }] }, { any: [question, { all: [other] }] }],
    [{ not: question }, { not: { any: [question] } }],
    [{ not: { any: [question, other] } }, { not: { any: [question, other] } }],
    [{ all: [question, { not: { all: [question, other] } }] }, { all: [question, { not: { any: [{ all: [question, other] }] } }] }],
  ])('is read and written: %j', (tree, said) => {
    const group = read(tree)
    expect(group).not.toBeNull()
    expect(write(group as Group)).toEqual(said)
    expect(write(read(said) as Group)).toEqual(said)
  })

  it('that it cannot show stays JSON', () => {
    for (const tree of ['x', { field: 'a' }, { all: [1] }, { not: 3 }]) expect(read(tree)).toBeNull()
  })

  it('leaves out groups without questions', () => {
    expect(write({ word: 'all', parts: [{ word: 'any', parts: [] }, question] })).toEqual({ all: [question] })
  })

  it('knows where the server says a part is wrong', () => {
    expect(placeOf('rules[0].when', { word: 'none', parts: [] }, 2)).toBe('rules[0].when.not.any[2]')
  })

  it('keeps a value where it still fits another comparison', () => {
    expect(valueFor(number, 'in', 3)).toEqual([3])
    expect(valueFor(number, 'gte', [3, 4])).toBe(3)
    expect(valueFor(number, 'gte', 'x')).toBe(1)
    expect(valueFor(number, 'is_set', 3)).toBeUndefined()
    expect(blank(number)).toEqual({ field: 'level', op: 'gte', value: 1 })
  })
})
