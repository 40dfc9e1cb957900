/** Numbers as a wall shows them: counts, minutes and seconds, shares, stars. */
import { counted } from '@/composables/times'

const SECONDS = new Set(['queue_longest', 'unanswered_longest', 'unassigned_longest', 'handover_wait', 'first_response'])
const SHARES = new Set(['answer_rate', 'abandon_rate', 'miss_rate', 'handed_rate', 'service_level', 'solved_rate'])

export function shown(metric: string, number: number | undefined): string {
  if (number === undefined) return '–'
  if (SECONDS.has(metric)) return counted(number * 1000)
  if (SHARES.has(metric)) return `${(Math.round(number * 1000) / 10).toLocaleString('en', { maximumFractionDigits: 1 })}%`
  return metric === 'csat' ? number.toFixed(2) : String(Math.round(number))
}
