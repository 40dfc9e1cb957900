/** Days as text, YYYY-MM-DD, in the roster's own calendar: no zone of the browser moves them. */
const DAY_MS = 86_400_000

const utc = (day: string) => Date.parse(`${day}T00:00:00Z`)
const text = (ms: number) => new Date(ms).toISOString().slice(0, 10)

export const plus = (day: string, days: number) => text(utc(day) + days * DAY_MS)
export const mondayOf = (day: string) => plus(day, -((new Date(utc(day)).getUTCDay() + 6) % 7))

export function today(tz: string, now = Date.now()): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
}

export const shown = (day: string, locale: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(utc(day))
