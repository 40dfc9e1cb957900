/** What was promised about a ticket and is about to be late, or is: the same words in the list and over the thread. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { TicketRow } from '@/client/types'
import { useNow } from './now'
import { counted } from './times'

export type DueRow = Pick<TicketRow, 'due'>

const SOON_MS = 3_600_000
const DAY_MS = 24 * SOON_MS

export function useDue(row: () => DueRow | null) {
  const { t, te } = useI18n()
  const now = useNow()
  /** To the second in the last hour; before that nobody counts seconds. */
  function span(ms: number): string {
    if (ms < SOON_MS) return counted(ms)
    return ms < DAY_MS ? t('due.hours', { n: Math.floor(ms / SOON_MS) }) : t('due.days', { n: Math.floor(ms / DAY_MS) })
  }

  return computed(() => {
    const due = row()?.due
    if (!due?.due_at || due.state === 'paused') return null
    const left = Date.parse(due.due_at) - now.value
    const late = left < 0 || due.state === 'breached'
    const what = te(`due.${due.kind}`) ? t(`due.${due.kind}`) : due.kind
    const time = span(Math.abs(left))
    return {
      tone: late ? 'red' : due.state === 'warned' ? 'amber' : '',
      near: late || due.state === 'warned' || left < SOON_MS,
      text: t(late ? 'due.late' : 'due.left', { what, time }),
    }
  })
}
