/** Dates as people say them, whatever zone their screen is in. */
import { useI18n } from 'vue-i18n'

export function useNamedDays() {
  const { locale } = useI18n()
  const format = (day: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.value, { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
  const dayOf = (day: string) => format(day, { month: 'short', day: 'numeric', weekday: 'short' })
  const stretchOf = (first: string, last: string) => (first === last ? dayOf(first) : `${dayOf(first)} – ${dayOf(last)}`)
  return { dayOf, stretchOf }
}
