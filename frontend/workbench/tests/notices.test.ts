/** The list of notices by keys. */
import { expect, test } from 'vitest'
import { stepOf } from '@/notices/walking'

const key = (name: string, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more })

test('keys go from row to row and stop at the ends', () => {
  expect([stepOf(key('j'), -1, 3), stepOf(key('ArrowDown'), 2, 3), stepOf(key('k'), 0, 3), stepOf(key('End'), 0, 3)]).toEqual([0, 2, 0, 2])
})

test('other keys, and an empty list, are left alone', () => {
  expect([stepOf(key('Enter'), 0, 3), stepOf(key('j', { metaKey: true }), 0, 3), stepOf(key('j'), 0, 0)]).toEqual([null, null, null])
})
