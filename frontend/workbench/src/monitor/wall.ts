/** Which numbers hang on the wall, in the order in which they are looked for. */
import type { Tone } from '@/stores/monitor'

export interface Big {
  metric: string
  value: number | undefined
  /** What stands smaller beside it, and counts for its colour too. */
  also?: string
  below?: number | undefined
}

const WALL: [metric: string, also?: string][] = [
  ['queue_length', 'queue_longest'], ['unanswered', 'unanswered_longest'], ['answer_rate'], ['abandon_rate'],
  ['first_response'], ['agents_online', 'room'], ['sla_breached', 'sla_warned'], ['csat'],
]
const COUNTS = new Set(['queue_length', 'unanswered', 'agents_online', 'sla_breached', 'sla_warned', 'room'])
const RANKS: Tone[] = ['', 'green', 'amber', 'red']

/** Nothing to count is none; nothing to measure is unknown. */
export function bigs(of: (metric: string) => number | undefined): Big[] {
  const value = (metric: string) => of(metric) ?? (COUNTS.has(metric) ? 0 : undefined)
  return WALL.map(([metric, also]) => ({ metric, value: value(metric), ...(also && value(also) !== undefined ? { also, below: value(also) } : {}) }))
}

/** The worse of the number and of what stands beside it. Warned ones are no reason to be green. */
export function toneOf(big: Big, tone: (metric: string) => Tone): Tone {
  const tones = [big.metric, ...(big.also ? [big.also] : [])].map((name) => RANKS.indexOf(tone(name)))
  return RANKS[Math.max(...tones)] ?? ''
}
