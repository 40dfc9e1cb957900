/** Which days are looked at, and which lie beside them to compare with: as many of the same kind before. */
export type Period = 'day' | 'week' | 'month' | 'quarter'
export const PERIODS: Period[] = ['day', 'week', 'month', 'quarter']

export interface Days { start: string; end: string }
export interface Looked extends Days {
  before: Days | null
  /** From here on days are shown. */
  since: string
}

const TREND = 14
const QUARTER = 90
const DAY_MS = 86_400_000
const at = (day: string) => new Date(`${day}T00:00:00Z`)
const said = (date: Date) => date.toISOString().slice(0, 10)
export const shifted = (day: string, by: number) => said(new Date(at(day).getTime() + by * DAY_MS))

/** A week begins on Monday; a month is compared with as many days of the last one. */
export function looked(period: Period, today: string): Looked {
  const trend = shifted(today, 1 - TREND)
  const earlier = (one: string) => (one < trend ? one : trend)
  if (period === 'day') return { start: today, end: today, before: { start: shifted(today, -1), end: shifted(today, -1) }, since: trend }
  if (period === 'quarter') return { start: shifted(today, 1 - QUARTER), end: today, before: null, since: shifted(today, 1 - QUARTER) }
  if (period === 'week') {
    const start = shifted(today, -((at(today).getUTCDay() + 6) % 7))
    return { start, end: today, before: { start: shifted(start, -7), end: shifted(today, -7) }, since: earlier(shifted(start, -7)) }
  }
  const start = `${today.slice(0, 7)}-01`
  const last = shifted(start, -1)
  const same = `${last.slice(0, 7)}-${today.slice(8)}`
  const before = { start: `${last.slice(0, 7)}-01`, end: same < last ? same : last }
  return { start, end: today, before, since: earlier(before.start) }
}

export function datesBetween(start: string, end: string): string[] {
  const dates: string[] = []
  for (let day = start; day <= end; day = shifted(day, 1)) dates.push(day)
  return dates
}
