/** What the journal's entries are called, and which of them a filter means. */
import { useI18n } from 'vue-i18n'
import type { AuditRow } from '@/client/admin'
import { useWords } from '@/composables/words'
import { useReference } from '@/stores/reference'

/** A kind that ends with a dot is every event of that noun. */
export const KINDS = [
  'conversation.', 'ticket.', 'message.', 'contact.', 'agent.', 'session.', 'inbox.', 'config.', 'team.', 'token.', 'offer.', 'visit.', 'operations.',
]
export const ACTORS = ['router', 'triage', 'timer', 'system', 'bot']

const HIDDEN = new Set(['message', 'inbox', 'identity', 'link', 'other', 'role_id', 'inbox_id'])

export function useAuditWords() {
  const { t, te } = useI18n()
  const word = useWords()
  const reference = useReference()

  function what(row: Pick<AuditRow, 'kind'>): string {
    const key = `event.${row.kind.replace('.', '_')}`
    return te(key) ? t(key) : row.kind
  }

  /** The facts of an entry that people can read, short: who it went to, from which status to which. */
  function facts(row: Pick<AuditRow, 'kind' | 'data'>): string {
    const said: string[] = []
    const status = row.kind === 'ticket.moved' || row.kind === 'ticket.assigned' ? 'status' : row.kind === 'agent.presence' ? 'presence' : ''
    for (const [key, value] of Object.entries(row.data)) {
      if (HIDDEN.has(key) || value === null || value === '' || (Array.isArray(value) && !value.length)) continue
      const words = readable(key, value, status)
      if (words) said.push(words)
    }
    return said.slice(0, 4).join(' · ')
  }

  function readable(key: string, value: unknown, status: string): string {
    if ((key === 'to' || key === 'from') && typeof value === 'string') {
      const name = reference.colleagues.get(value)?.name ?? (status ? word(status, value) : value)
      return `${key === 'to' ? '→' : ''} ${name.length > 30 ? '' : name}`.trim()
    }
    if (key === 'channel') return word('channel', String(value))
    if (key === 'status') return word('status', String(value))
    if (key === 'delivery') return word('delivery', String(value))
    if (key === 'stars') return t('customer.stars', { n: value as number })
    if (key === 'fields' && Array.isArray(value)) return value.join(', ')
    if (typeof value === 'boolean' || typeof value === 'object') return ''
    const label = `fact.${key}`
    return te(label) ? `${t(label)} ${te(`fact_value.${value}`) ? t(`fact_value.${value}`) : value}` : ''
  }

  return { what, facts }
}
