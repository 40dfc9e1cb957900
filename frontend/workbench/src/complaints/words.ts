/** What complaints are called on the screen: keys of the rules by their titles, money, and how long a clock has. */
import { useI18n } from 'vue-i18n'
import type { Clock, Titled } from '@/client/complaints'
import { counted } from '@/composables/times'

export function useComplaintWords() {
  const { t, te, locale } = useI18n()
  const titled = (all: Titled[], key: string | null) => {
    const found = all.find((each) => each.key === key)
    return found ? (locale.value === 'en' ? found.en : found.zh) : (key ?? '')
  }
  const cause = (key: string) => (te(`complaint.cause.${key}`) ? t(`complaint.cause.${key}`) : key)
  const yuan = (fen: number) => new Intl.NumberFormat(locale.value, { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol' }).format(fen / 100)
  const role = (key: string) => (te(`complaint.role.${key}`) ? t(`complaint.role.${key}`) : key)

  /** The clock that ends first, of those that still run. */
  const next = (clocks: Clock[]) => clocks.filter((clock) => !clock.met_at).sort((a, b) => a.due_at.localeCompare(b.due_at))[0] ?? null

  function left(clock: Clock, now: number): { text: string; tone: string } {
    if (clock.met_at) {
      const late = clock.breached_at !== null || clock.met_at > clock.due_at
      return { text: t(late ? 'complaint.met_late' : 'complaint.met'), tone: late ? 'amber' : 'green' }
    }
    const ms = Date.parse(clock.due_at) - now
    if (ms <= 0) return { text: t('complaint.overdue', { time: counted(-ms) }), tone: 'red' }
    return { text: t('complaint.left', { time: counted(ms) }), tone: Date.parse(clock.warn_at) <= now ? 'amber' : '' }
  }

  return { titled, cause, yuan, role, next, left }
}
