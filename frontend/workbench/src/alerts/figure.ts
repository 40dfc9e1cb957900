/** A figure of an alert as people read it, by its unit. */
import { counted } from '@/composables/times'

export function figure(unit: string, value: number): string {
  if (unit === 'share') return `${(value * 100).toFixed(1)}%`
  if (unit === 'seconds') return counted(value * 1000)
  return unit === 'stars' ? value.toFixed(2) : String(Math.round(value * 100) / 100)
}
