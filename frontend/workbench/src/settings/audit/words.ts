/** What the journal's entries are called, and which of them a filter means. */
import { useI18n } from 'vue-i18n'
import type { AuditRow } from '@/client/admin'
import { useWords } from '@/composables/words'
import { useReference } from '@/stores/reference'

/** A kind that ends with a dot is every event of that noun. */
export const KINDS = [
  'conversation.', 'ticket.', 'message.', 'contact.', 'agent.', 'session.', 'inbox.', 'config.', 'team.', 'token.', 'offer.', 'visit.', 'sla.', 'address.', 'operations.', 'brand.',
  'overflow.', 'measure.', 'reception.', 'consultation.', 'words.', 'reply.', 'block.', 'rule.', 'tag.', 'bulk.',
]
export const ACTORS = ['router', 'triage', 'timer', 'sla', 'system', 'bot']

const HIDDEN = new Set(['from', 'to', 'message', 'inbox', 'identity', 'link', 'other', 'role_id', 'inbox_id'])

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
    const status = row.kind.startsWith('ticket.') ? 'status' : row.kind === 'agent.presence' ? 'presence' : ''
    const said = [moved(row.data, status)]
    for (const [key, value] of Object.entries(row.data)) {
      if (HIDDEN.has(key) || value === null || value === '') continue
      said.push(readable(key, value))
    }
    return said.filter(Boolean).slice(0, 4).join(' · ')
  }

  /** From one to the other: agents by name, states in words; an id nobody knows says nothing. */
  function moved(data: Record<string, unknown>, status: string): string {
    const named = (value: unknown) => {
      if (typeof value !== 'string') return ''
      const name = reference.colleagues.get(value)?.name ?? (status ? word(status, value) : value)
      return name.length > 30 ? '' : name
    }
    const [from, to] = [named(data['from']), named(data['to'])]
    return to && from && from !== to ? `${from} → ${to}` : to ? `→ ${to}` : ''
  }

  function readable(key: string, value: unknown): string {
    if (key === 'channel') return word('channel', String(value))
    if (key === 'status') return word('status', String(value))
    if (key === 'delivery') return word('delivery', String(value))
    if (key === 'stars') return t('customer.stars', { n: value as number })
    if (key === 'fields' && Array.isArray(value)) return value.map((each) => word('fact', String(each))).join('、')
    if ((key === 'added' || key === 'removed') && Array.isArray(value)) return value.map((each) => `${key === 'added' ? '+' : '−'}${String(each)}`).join('、')
    if (typeof value === 'boolean' || typeof value === 'object') return ''
    const label = `fact.${key}`
    return te(label) ? `${t(label)} ${te(`fact_value.${value}`) ? t(`fact_value.${value}`) : value}` : ''
  }

  return { what, facts }
}
