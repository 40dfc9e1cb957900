/** Numbers and choices of a simulation as people say them. */
import { useI18n } from 'vue-i18n'
import type { OtherRules, Simulation } from '@/client/simulations'
import { counted } from '@/composables/times'
import { useWords } from '@/composables/words'
import type { Change } from './verdict'

export function useSaid() {
  const { t, n } = useI18n()
  const word = useWords()

  function dayOf(day: Simulation['asked']['day']): string {
    if (day.what === 'generated') return t('sim.day_generated', { n: n(day.count) })
    const which = day.what === 'yesterday' ? t('sim.day_yesterday') : String(day.on)
    return (day.times ?? 1) > 1 ? t('sim.day_times', { day: which, n: day.times ?? 1 }) : which
  }

  function rulesOf(rules: { what: OtherRules['what']; release?: number | null }): string {
    return rules.what === 'release' ? t('sim.rules_release', { n: rules.release ?? 0 }) : t(`sim.rules_${rules.what}`)
  }

  function value(of: number, unit: Change['unit']): string {
    if (unit === 'seconds') return of < 1 ? '0' : counted(of * 1000)
    if (unit === 'share') return `${(of * 100).toFixed(1)}%`
    return unit === 'gini' ? of.toFixed(2) : n(of)
  }

  const named = (change: Change) =>
    change.priority === undefined ? t(`sim.figure.${change.what}`) : t('sim.figure.wait', { priority: word('priority', change.priority) })
  const told = (change: Change) => t('sim.from_to', { what: named(change), before: value(change.before, change.unit), after: value(change.after, change.unit) })

  return { dayOf, rulesOf, value, named, told }
}
