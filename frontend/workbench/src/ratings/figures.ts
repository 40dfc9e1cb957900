/** What the cards of 我的数据 show: each from sums, so that any span adds up. */
import type { AgentDay, Figures } from '@/client/ratings'
import type { SparkDay } from '@/parts/SparkBars.vue'
import { counted } from '@/composables/times'
import type { Days, Looked } from './spans'
import { datesBetween } from './spans'

export type Unit = 'count' | 'seconds' | 'share' | 'stars'
export type Group = 'serving' | 'outcome' | 'time'
export interface Card {
  name: string
  group: Group
  figure: string | null // opens what lies behind it
  value: number | null
  unit: Unit
  /** Whether more is better, 0 where neither is. */
  better: -1 | 0 | 1
  before: number | null
  /** The median of his teams' other people. */
  usual: number | null
  days: SparkDay[]
}

const SUMS = [
  'served', 'first_replies', 'first_reply_s', 'turns', 'waited_s', 'ended', 'length_s', 'handed_on', 'repeated', 'asked',
  'rated', 'starred', 'stars', 'judged', 'solved', 'excluded',
] as const
type Sums = Record<(typeof SUMS)[number], number>
type States = Record<string, number>

const over = (above: number, below: number) => (below > 0 ? above / below : null)
type Line = [name: string, group: Group, figure: string, unit: Unit, better: Card['better'], of: (d: Sums) => number | null]
const OF: Line[] = [
  ['served', 'serving', 'served', 'count', 0, (d) => d.served],
  ['first', 'serving', 'first', 'seconds', -1, (d) => over(d.first_reply_s, d.first_replies)],
  ['response', 'serving', 'response', 'seconds', -1, (d) => over(d.waited_s, d.turns)],
  ['length', 'serving', 'length', 'seconds', 0, (d) => over(d.length_s, d.ended)],
  ['solved', 'outcome', 'solved', 'share', 1, (d) => over(d.solved, d.judged)],
  ['csat', 'outcome', 'csat', 'stars', 1, (d) => over(d.stars, d.starred)],
  ['answered', 'outcome', 'rated', 'share', 0, (d) => over(d.rated, Math.max(d.asked, d.rated))],
  ['handed_on', 'outcome', 'handed_on', 'share', -1, (d) => over(d.handed_on, d.served)],
  ['repeated', 'outcome', 'repeated', 'share', -1, (d) => over(d.repeated, d.ended)],
  ['excluded', 'outcome', 'excluded', 'count', 0, (d) => d.excluded],
]

export function sum(days: AgentDay[]): Sums {
  const all = Object.fromEntries(SUMS.map((name) => [name, 0])) as Sums
  for (const day of days) for (const name of SUMS) all[name] += day[name]
  return all
}

const within = <T extends { day: string }>(days: T[], span: Days | null) => (span ? days.filter((each) => span.start <= each.day && each.day <= span.end) : [])
const worked = (states: States) => Object.entries(states).reduce((all, [state, seconds]) => (state === 'offline' ? all : all + seconds), 0)
const ready = (states: States) => (states['online'] ?? 0) + (states['call'] ?? 0) + (states['wrapup'] ?? 0)

export function added(days: { states: States }[]): States {
  const all: States = {}
  for (const { states } of days) for (const [state, seconds] of Object.entries(states)) all[state] = (all[state] ?? 0) + seconds
  return all
}

/** A day without work has no bar; what is not of the span itself is there to compare with. */
function bars(span: Looked, of: (day: string) => number | null): SparkDay[] {
  return datesBetween(span.since, span.end).map((day) => ({ day, value: of(day), earlier: day < span.start }))
}

export function cards(said: Figures, span: Looked): Card[] {
  const [total, before] = [sum(within(said.days, span)), within(said.days, span.before)]
  const byDay = new Map(said.days.map((day) => [day.day, day]))
  const made = OF.map(([name, group, figure, unit, better, of]): Card => ({
    name, group, figure, unit, better, value: of(total), before: before.length ? of(sum(before)) : null, usual: said.middle.values[name] ?? null,
    days: bars(span, (day) => {
      const row = byDay.get(day)
      return row ? of(row) : null
    }),
  }))
  return [...made, kept(said), ...present(said, span)]
}

const kept = (said: Figures): Card => ({
  name: 'promises', group: 'time', figure: 'promises', unit: 'share', better: 1, before: null, usual: null, days: [],
  value: over(said.promises_kept, said.promises_kept + said.promises_late),
})

function present(said: Figures, span: Looked): Card[] {
  const byDay = new Map(said.days_present.map((each) => [each.day, each.states]))
  const earlier = added(within(said.days_present, span.before))
  const make = (name: string, unit: Unit, of: (states: States) => number | null): Card => ({
    name, group: 'time', figure: 'presence', unit, better: 0, value: of(said.states), before: of(earlier), usual: null,
    days: bars(span, (day) => of(byDay.get(day) ?? {})),
  })
  return [make('worked', 'seconds', (states) => worked(states) || null), make('used', 'share', (states) => over(ready(states), worked(states)))]
}

/** Hours beyond a day stay hours: working time is not counted in days. */
export function written(value: number | null, unit: Unit): string {
  if (value === null) return '–'
  if (unit === 'share') return `${Math.round(value * 100)}%`
  if (unit === 'stars') return value.toFixed(2)
  if (unit === 'count') return String(Math.round(value * 10) / 10)
  const hours = Math.floor(value / 3600)
  return hours < 24 ? counted(value * 1000) : `${hours}:${String(Math.floor(value / 60) % 60).padStart(2, '0')}:${String(Math.floor(value) % 60).padStart(2, '0')}`
}

export interface Against { by: string; up: boolean; good: boolean | null }
/** Against what was before; null where there was nothing, or nothing changed that one could read. */
export function against(card: Card): Against | null {
  if (card.value === null || card.before === null) return null
  const [now, then] = [written(card.value, card.unit), written(card.before, card.unit)]
  if (now === then) return null
  const up = card.value > card.before
  return { by: written(Math.abs(card.value - card.before), card.unit), up, good: card.better === 0 ? null : up === card.better > 0 }
}
