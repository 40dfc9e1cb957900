/** 监控大屏: what is not measured is not zero, and a number is as bad as what stands beside it. */
import { expect, test } from 'vitest'
import { bigs, toneOf } from '@/monitor/wall'

test('counts without a row are none, shares without one are unknown', () => {
  const shown = new Map(bigs((metric) => ({ queue_length: 3, queue_longest: 95 })[metric]).map((big) => [big.metric, big]))
  expect(shown.get('queue_length')).toEqual({ metric: 'queue_length', value: 3, also: 'queue_longest', below: 95 })
  expect(shown.get('unanswered')).toEqual({ metric: 'unanswered', value: 0 })
  expect(shown.get('answer_rate')?.value).toBe(undefined)
  expect(shown.size).toBe(8)
})

test('the worse of both is its colour', () => {
  const big = { metric: 'queue_length', value: 1, also: 'queue_longest', below: 300 }
  expect(toneOf(big, (metric) => (metric === 'queue_longest' ? 'red' : 'green'))).toBe('red')
  expect(toneOf({ metric: 'csat', value: undefined }, () => '')).toBe('')
})
