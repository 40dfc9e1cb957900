/** Times as the floor reads them: waiting in counted seconds, everything else short. */
import { useI18n } from 'vue-i18n'
import { i18n } from '@/i18n'
import { useAppearance } from '@/stores/appearance'

export const AMBER_MS = 30_000
export const RED_MS = 60_000
const DAY_MS = 86_400_000

/** 0:07, 12:30, 1:02:05, and days beyond that. */
export function counted(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  if (h >= 24) return `${Math.floor(h / 24)}${i18n.global.locale.value === 'en' ? ' d' : ' 天'}`
  const two = (n: number) => String(n).padStart(2, '0')
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

export function urgency(ms: number): '' | 'amber' | 'red' {
  if (ms >= RED_MS) return 'red'
  return ms >= AMBER_MS ? 'amber' : ''
}

export function useTimes() {
  const { t, locale } = useI18n()
  const { kept } = useAppearance()
  const there = () => (kept.zone ? { timeZone: kept.zone } : {})
  const format = (at: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.value, { ...options, ...there() }).format(new Date(at))
  /** The calendar day where the reader is. */
  const dayOf = (at: string | number) => new Intl.DateTimeFormat('en-CA', there()).format(new Date(at))

  const clock = (at: string) => format(at, { hour: '2-digit', minute: '2-digit', hour12: false })
  const exact = (at: string) =>
    format(at, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
  const full = (at: string) => format(at, { dateStyle: 'medium', timeStyle: 'short', hour12: false })

  const date = (at: string) => format(at, { year: 'numeric', month: '2-digit', day: '2-digit' })

  function day(at: string, now: number): string {
    if (dayOf(at) === dayOf(now)) return t('time.today')
    return format(at, { month: 'short', day: 'numeric', weekday: 'short' })
  }

  function short(at: string, now: number): string {
    const ago = now - Date.parse(at)
    if (ago < 60_000) return t('time.now')
    if (ago < 3_600_000) return t('time.minutes', { n: Math.floor(ago / 60_000) })
    if (dayOf(at) === dayOf(now)) return clock(at)
    if (dayOf(at) === dayOf(now - DAY_MS)) return t('time.yesterday', { time: clock(at) })
    return dayOf(at).slice(0, 4) === dayOf(now).slice(0, 4) ? format(at, { month: '2-digit', day: '2-digit' }) : date(at)
  }

  return { clock, exact, full, date, day, short }
}
