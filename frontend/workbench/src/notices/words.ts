/** What a notice says: its reason in words, and the facts that reason knows. */
import type { Notice } from '@/client/notices'
import { i18n } from '@/i18n'

const t = i18n.global.t as (key: string, gaps?: Record<string, unknown>) => string
const te = i18n.global.te as (key: string) => boolean
const FACTS = ['title', 'target', 'count', 'waiting_reason', 'name', 'error', 'error_class', 'place', 'metric', 'value', 'threshold', 'outlet', 'action', 'rows_taken', 'rows_refused'] as const

/** The reason itself, else its family: what a newer part of the product raises has at least that. */
export function titleOf(notice: Pick<Notice, 'why'>): string {
  const exact = notice.why.replace(/^sla\.\+\d+$/, 'sla.later').replaceAll('.', '_')
  const known = [exact, notice.why.split('.')[0]].find((key) => te(`notice.why.${key}`))
  return t(`notice.why.${known ?? 'other'}`)
}

/** The ticket, then what else is known. */
export function detailOf(notice: Notice): string {
  const ticket = notice.ticket_number ? [`#${notice.ticket_number} ${notice.ticket_subject ?? ''}`.trim()] : []
  return [...ticket, ...FACTS.flatMap((name) => factOf(name, notice.facts[name]))].join(' · ')
}

/** Words that the server has in both languages. */
const spoken = (value: unknown): unknown =>
  value && typeof value === 'object' ? (value as Record<string, unknown>)[i18n.global.locale.value === 'en' ? 'en' : 'zh'] : value

function factOf(name: string, given: unknown): string[] {
  const value = spoken(given)
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const key = `notice.value.${String(value).replaceAll('.', '_')}`
  return value === '' ? [] : [t(`notice.fact.${name}`, { value: te(key) ? t(key) : String(value) })]
}
