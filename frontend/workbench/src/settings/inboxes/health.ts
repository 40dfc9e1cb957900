/** One word and one sentence for how an inbox does. */
import type { InboxHealth } from '@/client/admin'
import type { Inbox } from '@/client/types'

export type Tone = 'green' | 'amber' | 'red' | ''

export interface Standing {
  tone: Tone
  word: string // below `inbox.`
  cause: string | null // below `inbox_error.`
  said: string
}

export function standingOf(inbox: Pick<Inbox, 'enabled'>, health: InboxHealth | undefined): Standing {
  const well = { cause: null, said: '' }
  if (!inbox.enabled) return { tone: '', word: 'off', ...well }
  const receiving = health?.receiving
  if (receiving && !receiving.ok)
    return { tone: 'red', word: 'not_receiving', cause: receiving.error_class || 'other', said: receiving.detail ?? '' }
  if (health?.error_class === 'auth') return { tone: 'red', word: 'not_sending', cause: 'auth', said: health.last_error ?? '' }
  if (health && health.failed + health.unknown > 0)
    return { tone: 'amber', word: 'some_failed', cause: health.error_class ?? 'other', said: health.last_error ?? '' }
  if (health && !health.received_at && !health.sent_at) return { tone: '', word: 'quiet', ...well }
  return { tone: 'green', word: 'well', ...well }
}
