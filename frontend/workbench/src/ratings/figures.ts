/** What the cards of 我的数据 show: each from sums, so that any span adds up. */
import type { AgentDay, Figures } from '@/client/ratings'

export interface Card {
  name: string
  figure: string | null // opens what lies behind it
  value: number | null
  unit: 'count' | 'seconds' | 'share' | 'stars'
  days: (number | null)[]
}

const SUMS = [
  'served', 'first_replies', 'first_reply_s', 'turns', 'waited_s', 'ended', 'length_s', 'handed_on', 'repeated', 'asked',
  'rated', 'starred', 'stars', 'judged', 'solved', 'excluded',
] as const
type Sums = Record<(typeof SUMS)[number], number>

const over = (above: number, below: number) => (below > 0 ? above / below : null)
const OF: [string, string | null, Card['unit'], (d: Sums) => number | null][] = [
  ['served', 'served', 'count', (d) => d.served],
  ['first', 'first', 'seconds', (d) => over(d.first_reply_s, d.first_replies)],
  ['response', 'response', 'seconds', (d) => over(d.waited_s, d.turns)],
  ['length', 'length', 'seconds', (d) => over(d.length_s, d.ended)],
  ['solved', 'solved', 'share', (d) => over(d.solved, d.judged)],
  ['csat', 'csat', 'stars', (d) => over(d.stars, d.starred)],
  ['answered', 'rated', 'share', (d) => over(d.rated, Math.max(d.asked, d.rated))],
  ['excluded', 'excluded', 'count', (d) => d.excluded],
  ['handed_on', 'handed_on', 'share', (d) => over(d.handed_on, d.served)],
  ['repeated', 'repeated', 'share', (d) => over(d.repeated, d.ended)],
]

export function sum(days: AgentDay[]): Sums {
  const all = Object.fromEntries(SUMS.map((name) => [name, 0])) as Sums
  for (const day of days) for (const name of SUMS) all[name] += day[name]
  return all
}

/** A day without work has no bar. */
export function cards(said: Figures, dates: string[]): Card[] {
  const total = sum(said.days)
  const byDay = new Map(said.days.map((day) => [day.day, day]))
  const made = OF.map(([name, figure, unit, of]): Card => ({
    name, figure, unit, value: of(total),
    days: dates.map((date) => {
      const day = byDay.get(date)
      return day ? of(day) : null
    }),
  }))
  const kept = over(said.promises_kept, said.promises_kept + said.promises_late)
  const at = Object.entries(said.states).filter(([state]) => state !== 'offline')
  const worked = at.reduce((all, [, seconds]) => all + seconds, 0)
  const ready = (said.states['online'] ?? 0) + (said.states['call'] ?? 0) + (said.states['wrapup'] ?? 0)
  return [
    ...made,
    { name: 'promises', figure: 'promises', unit: 'share', value: kept, days: [] },
    { name: 'worked', figure: 'presence', unit: 'seconds', value: worked || null, days: [] },
    { name: 'used', figure: 'presence', unit: 'share', value: over(ready, worked), days: [] },
  ]
}

export function datesBetween(start: string, end: string): string[] {
  const dates: string[] = []
  for (const at = new Date(`${start}T00:00:00Z`); at <= new Date(`${end}T00:00:00Z`); at.setUTCDate(at.getUTCDate() + 1))
    dates.push(at.toISOString().slice(0, 10))
  return dates
}
