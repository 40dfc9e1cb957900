/** Hands in the thread: what was said is found, what a reply answers is quoted. */
import { describe, expect, test } from 'vitest'
import type { Capability } from '@/client/types'
import { read } from '@/composables/sounding'
import { between, stepFrom } from '@/desk/bulk/extending'
import { askedAt, whom } from '@/desk/composer/beginning'
import { mentionsIn } from '@/desk/composer/mentioning'
import { nextQuote, quoteOf, withQuote } from '@/desk/composer/quoting'
import { allHits, placesIn, step } from '@/desk/thread/finding'
import { message } from './samples'

describe('found', () => {
  const said = [message('b', { text: '滤芯 X3 漏水' }), message('c', { text: '漏水', recalled_at: 'x' }), message('d', { text: '漏水', direction: 'system' }), message('e', { text: '还在漏水 漏水' })]

  test('on the screen and before it, without what is not shown', () => {
    expect(allHits(['a', 'b'], said, ' 漏水 ')).toEqual(['a', 'b', 'e'])
    expect(allHits([], said, 'x3')).toEqual(['b'])
    expect(allHits([], said, '  ')).toEqual([])
  })

  test('one after the other, round and round', () => {
    expect([step(['a', 'b'], null, -1), step(['a', 'b'], 'b', -1), step(['a', 'b'], 'a', -1), step([], 'a', 1)]).toEqual(['b', 'a', 'b', null])
  })

  test('every place in the words', () => expect(placesIn('漏水,还漏水', '漏水')).toEqual([[0, 2], [4, 6]]))
})

describe('quoted', () => {
  const [first, second] = [message('1', { text: '灯\n不亮' }), message('2', { text: '', attachments: [{ hash: 'h', name: '灯.jpg', type: 'image/jpeg', size: 1, inline: false }] })]
  const said = [first, message('n', { direction: 'note' }), second, message('3', { direction: 'out', text: '好的' })]

  test('in one line, by the name of a file where there are no words, and never endless', () => {
    expect([quoteOf(first).text, quoteOf(second).text, [...quoteOf(message('x', { text: '长'.repeat(90) })).text].length]).toEqual(['灯 不亮', '灯.jpg', 80])
  })

  test('first the last word of the customer, then on from it, never a note', () => {
    const last = nextQuote(said, undefined, -1)
    expect(last?.id).toBe('2')
    expect([nextQuote(said, last, -1)?.id, nextQuote(said, last, 1)?.id, nextQuote(said, quoteOf(first), -1)?.id]).toEqual(['1', '3', '1'])
  })

  test('it counts as words where the vendor shows no quotation', () => {
    const can = (quote: boolean) => ({ quote }) as Capability
    expect([withQuote(can(false), '好', quoteOf(first)), withQuote(can(true), '好', quoteOf(first))]).toEqual(['「灯 不亮」\n好', '好'])
  })
})

describe('named', () => {
  const agents = [{ id: '1', name: '陈宇' }, { id: '2', name: '陈宇航' }, { id: '3', name: '林一' }, { id: '4', name: '林一' }]

  test('after an @, by sound too, but not in an address', () => {
    expect([askedAt('请@cy', 4), askedAt('a@cy', 4), askedAt('@', 1)]).toEqual([{ query: 'cy', from: 1, to: 4 }, null, { query: '', from: 0, to: 1 }])
    expect(whom(agents, 'cy', read('chen 陈\nyu 宇\nhang 航\nlin 林\nyi 一'), 8).map((each) => each.id)).toEqual(['1', '2'])
  })

  test('who stands in the words in the end; of one name who was picked', () => {
    expect([mentionsIn('@陈宇航 请看', agents, ['1']), mentionsIn('@陈宇 @林一', agents, ['4']), mentionsIn('没有', agents, ['1'])]).toEqual([['2'], ['1', '4'], []])
  })
})

test('shift marks from where it began, and stops at the ends', () => {
  const ids = ['a', 'b', 'c', 'd']
  expect([between(ids, 'c', 'a'), between(ids, null, 'b'), between(ids, 'gone', 'd'), between(ids, 'a', 'gone')]).toEqual([['a', 'b', 'c'], ['b'], ['d'], []])
  expect([stepFrom(ids, 'd', 1), stepFrom(ids, 'b', -1), stepFrom(ids, null, 1), stepFrom([], null, 1)]).toEqual(['d', 'a', 'a', null])
})
