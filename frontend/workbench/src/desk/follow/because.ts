/** What an entry of the trace says beside its words: what became of type and priority, and why machinery acted. */
import { useI18n } from 'vue-i18n'
import type { TraceRow } from '@/client/follow'
import { useTimes } from '@/composables/times'
import { useWords } from '@/composables/words'

type Facts = Record<string, unknown>

export function useBecause() {
  const { t, te } = useI18n()
  const word = useWords()
  const times = useTimes()

  /** From what to what, where the entry changed the ticket itself. */
  function changes(facts: Facts): string[] {
    const [was, now] = [facts['was'] as Facts | undefined, facts['now'] as Facts | undefined]
    return Object.keys(was ?? {}).map((name) => `${t(`trace.${name}`)} ${word(name, was?.[name] as string)} → ${word(name, now?.[name] as string)}`)
  }

  const told: Record<string, (value: string, row: TraceRow) => string> = {
    reason: (value, row) => (row.action === 'ticket.revealed' ? value : said('trace.reason', value)),
    why: (value) => said('notice.why', value),
    target: (value) => said('said_part.target', value),
    due_at: (value) => t('trace.until', { at: times.exact(value) }),
    due: (value) => t('trace.until', { at: times.exact(value) }),
    waiting_reason: (value) => said('wait_reason', value),
    next_follow_up: (value) => `${t('wait.next')} ${times.exact(value)}`,
    channel: (value) => word('channel', value),
    type: (value) => `${t('trace.type')} ${word('type', value)}`,
    priority: (value) => `${t('trace.priority')} ${word('priority', value)}`,
    packed_at: (value) => times.exact(value),
    stars: (value) => t('customer.stars', { n: value }),
  }

  /** A word we have none for says nothing: codes are not for people. */
  function said(group: string, value: string): string {
    const path = `${group}.${value.replace(/\./g, '_')}`
    return te(path) ? t(path) : ''
  }

  return (row: TraceRow): string[] => {
    const facts = row.facts as Facts
    const asks = row.what === 'event' || row.action === 'wait'
    const moved = (facts['was'] ?? {}) as Facts
    const rest = asks ? Object.entries(told).map(([key, tell]) => (facts[key] === null || facts[key] === undefined || key in moved ? '' : tell(String(facts[key]), row))) : []
    return [...changes(facts), ...rest].filter(Boolean)
  }
}
