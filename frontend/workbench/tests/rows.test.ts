/** Versions decide, not the order of arrival. */
import { describe, expect, test } from 'vitest'
import { createRows } from '@/stores/rows'

type Row = { id: string; version: number; name: string }
const row = (version: number, name = `v${version}`, id = 'a'): Row => ({ id, version, name })

describe('rows', () => {
  test('an older row never replaces a newer one', () => {
    const rows = createRows<Row>()
    rows.put(row(3))
    expect(rows.put(row(2))).toBe(false)
    expect(rows.all.get('a')?.name).toBe('v3')
  })

  test('a patch never applies on top of something newer', () => {
    const rows = createRows<Row>()
    expect(rows.patch('a', 2, { name: 'nobody' })).toBe(false)
    rows.put(row(3))
    expect(rows.patch('a', 2, { name: 'older' })).toBe(false)
    expect(rows.patch('a', 3, { name: 'due sooner' })).toBe(true)
    expect(rows.patch('a', 4, { name: 'newer' })).toBe(true)
    expect(rows.all.get('a')).toEqual({ id: 'a', version: 4, name: 'newer' })
  })

  test('a list that travelled while frames arrived does not undo them', () => {
    const rows = createRows<Row>()
    rows.put(row(1))
    rows.put(row(1, 'leaves', 'gone'))
    const mark = rows.mark()
    rows.put(row(5))
    rows.put(row(1, 'arrived', 'new'))
    rows.gone('gone')
    rows.replace([row(2), row(1, 'stale', 'gone')], mark)
    expect(rows.all.get('a')?.version).toBe(5)
    expect(rows.all.has('new')).toBe(true)
    expect(rows.all.has('gone')).toBe(false)
  })

  test('a list read anew drops what is in it no more', () => {
    const rows = createRows<Row>()
    rows.put(row(1))
    rows.put(row(1, 'old', 'b'))
    rows.replace([row(1)], rows.mark())
    expect([...rows.all.keys()]).toEqual(['a'])
  })
})
