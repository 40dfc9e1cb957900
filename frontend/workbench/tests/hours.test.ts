/** The table of days that are not like their weekday: what the house says wins, and a date means one thing. */
import { describe, expect, test } from 'vitest'
import type { Hours, PublicRun } from '@/settings/config/hours/hours'
import { bars, endsNextDay, entriesOf, put, rowsOf, stretch, withEntries } from '@/settings/config/hours/hours'

const NATIONAL: PublicRun = { first: '2026-10-01', last: '2026-10-07', kind: 'holiday', zh: '国庆节', en: 'National Day' }
const SATURDAY: PublicRun = { first: '2026-10-10', last: '2026-10-10', kind: 'makeup', zh: '', en: '' }

describe('spans', () => {
  test('may end on the next day', () => {
    expect(stretch('22:00-06:00')).toEqual({ from: 1320, until: 1800 })
    expect([endsNextDay('22:00-06:00'), endsNextDay('00:00-24:00'), endsNextDay('09:00-')]).toEqual([true, false, false])
    expect([stretch('9-18'), stretch('09:00-09:00'), stretch('25:00-26:00')]).toEqual([null, null, null])
  })

  test('are drawn with the night before', () => {
    expect(bars(['12:00-18:00'], ['18:00-06:00'])).toEqual([{ left: 0, width: 25, night: true }, { left: 50, width: 25, night: false }])
  })
})

describe('the table', () => {
  const document: Hours = { tz: 'Asia/Shanghai', name: { zh: '客服' }, holidays: ['2026-12-30/2027-01-02'], makeup_days: { '2026-10-11': null, '2026-10-12': ['10:00-12:00'] }, days: { '2026-11-11': ['00:00-24:00'], '2026-11-12': [] } }

  test('is read from whatever form the document has, and written as one', () => {
    const read = entriesOf(document)
    expect(read.map((each) => `${each.first} ${each.meaning}`)).toEqual(['2026-10-11 makeup', '2026-10-12 own', '2026-11-11 own', '2026-11-12 closed', '2026-12-30 closed'])
    const written = withEntries(document, read)
    expect(written).toMatchObject({ name: { zh: '客服' }, holidays: ['2026-11-12', '2026-12-30/2027-01-02'], makeup_days: ['2026-10-11'], days: { '2026-10-12': ['10:00-12:00'], '2026-11-11': ['00:00-24:00'] } })
    expect(entriesOf(written)).toEqual(read)
  })

  test('gives a date one meaning', () => {
    const week = put([], { first: '2026-10-01', last: '2026-10-05', meaning: 'closed', spans: [] })
    const split = put(week, { first: '2026-10-03', last: '2026-10-03', meaning: 'own', spans: ['10:00-16:00'] })
    expect(split.map((each) => `${each.first}/${each.last} ${each.meaning}`)).toEqual(['2026-10-01/2026-10-02 closed', '2026-10-03/2026-10-03 own', '2026-10-04/2026-10-05 closed'])
  })

  test('shows the country where the house says nothing else', () => {
    const ours = put([], { first: '2026-10-06', last: '2026-10-10', meaning: 'makeup', spans: [] })
    const rows = rowsOf(ours, [NATIONAL, SATURDAY], 2026)
    expect(rows.map((row) => `${row.first}/${row.last} ${row.meaning} ${row.ours} ${row.zh}`)).toEqual(['2026-10-01/2026-10-05 closed false 国庆节', '2026-10-06/2026-10-10 makeup true 国庆节'])
    expect(rowsOf(ours, [], 2027)).toEqual([])
  })
})
