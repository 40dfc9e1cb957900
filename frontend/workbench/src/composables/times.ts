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

const HOW = {
  clock: { hour: '2-digit', minute: '2-digit', hour12: false },
  exact: { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false },
  full: { dateStyle: 'medium', timeStyle: 'short', hour12: false },
  date: { year: 'numeric', month: '2-digit', day: '2-digit' },
  month_day: { month: '2-digit', day: '2-digit' },
  weekday: { month: 'short', day: 'numeric', weekday: 'short' },
  calendar: {},
} satisfies Record<string, Intl.DateTimeFormatOptions>

/** To make one takes a hundred times as long as to use it, and every row on the screen uses some each second. */
const made = new Map<string, Intl.DateTimeFormat>()

function formatter(how: keyof typeof HOW, locale: string, zone: string): Intl.DateTimeFormat {
  const key = `${how} ${locale} ${zone}`
  const known = made.get(key) ?? new Intl.DateTimeFormat(locale, { ...HOW[how], ...(zone ? { timeZone: zone } : {}) })
  made.set(key, known)
  return known
}

export function useTimes() {
  const { t, locale } = useI18n()
  const { kept } = useAppearance()
  const format = (at: string, how: keyof typeof HOW) => formatter(how, locale.value, kept.zone).format(new Date(at))
  /** The calendar day where the reader is. */
  const dayOf = (at: string | number) => formatter('calendar', 'en-CA', kept.zone).format(new Date(at))

  const clock = (at: string) => format(at, 'clock')
  const exact = (at: string) => format(at, 'exact')
  const full = (at: string) => format(at, 'full')
  const date = (at: string) => format(at, 'date')

  function day(at: string, now: number): string {
    if (dayOf(at) === dayOf(now)) return t('time.today')
    return format(at, 'weekday')
  }

  function short(at: string, now: number): string {
    const ago = now - Date.parse(at)
    if (ago < 60_000) return t('time.now')
    if (ago < 3_600_000) return t('time.minutes', { n: Math.floor(ago / 60_000) })
    if (dayOf(at) === dayOf(now)) return clock(at)
    if (dayOf(at) === dayOf(now - DAY_MS)) return t('time.yesterday', { time: clock(at) })
    return dayOf(at).slice(0, 4) === dayOf(now).slice(0, 4) ? format(at, 'month_day') : date(at)
  }

  return { clock, exact, full, date, day, short }
}
