/** How shops, purposes and times of a shop are said. */
import { useI18n } from 'vue-i18n'
import type { Shop, Words } from '@/client/counter'

export function useShopWords() {
  const { locale } = useI18n()
  const say = (words: Words) => (locale.value === 'en' ? words.en : words.zh)
  const purpose = (shop: Shop | undefined, text: string) => {
    const known = shop?.purposes.find((each) => each.zh === text || each.en === text)
    return known ? say(known) : text
  }
  const at = (moment: string, tz: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.value, { timeZone: tz, hour12: false, ...options }).format(new Date(moment))
  const clock = (moment: string, tz: string) => at(moment, tz, { hour: '2-digit', minute: '2-digit' })
  const when = (moment: string, tz: string) => at(moment, tz, { month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' })
  const date = (moment: string, tz: string) => at(moment, tz, { dateStyle: 'medium' })
  /** A date of the calendar is of no time zone. */
  const dayName = (date: string) =>
    new Intl.DateTimeFormat(locale.value, { timeZone: 'UTC', month: 'short', day: 'numeric', weekday: 'short' }).format(new Date(`${date}T00:00:00Z`))
  return { say, purpose, clock, when, date, dayName }
}

export const dayFrom = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
