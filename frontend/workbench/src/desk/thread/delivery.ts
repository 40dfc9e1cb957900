/** A reply that did not go out: why, and what can be done about it next. */
import type { Message } from '@/client/types'

export type Step = 'retry' | 'edit' | 'channel' | 'address'

/** By the server's class of an error, which stands before the vendor's own words. */
const STEPS: Record<string, Step[]> = {
  auth: ['retry', 'channel'],
  throttle: ['retry', 'channel'],
  transient: ['retry', 'channel'],
  unknown: ['retry'],
  window_closed: ['channel'],
  quota_exhausted: ['channel'],
  recipient_blocked: ['address', 'channel'],
  content_rejected: ['edit', 'channel'],
  permission: ['channel'],
  bad_request: ['channel'],
  recalled: [],
}

export interface Trouble {
  cause: string
  words: string
  steps: Step[]
}

export function troubleOf(message: Pick<Message, 'delivery' | 'delivery_error'>): Trouble | null {
  const { delivery, delivery_error: error } = message
  const waits = delivery === 'queued' && Boolean(error) // tried, and to be tried again by itself
  if (delivery !== 'failed' && delivery !== 'unknown' && !waits) return null
  const [, said, words] = /^([a-z_]+)(?:: ?(.*))?$/s.exec(error ?? '') ?? []
  const cause = said && STEPS[said] ? said : delivery === 'unknown' ? 'unknown' : 'other'
  const steps: Step[] = waits ? [] : delivery === 'unknown' ? ['retry'] : (STEPS[cause] ?? ['retry', 'channel'])
  return { cause, words: cause === 'other' ? (error ?? '') : (words ?? ''), steps }
}

/** Letters whose sender nobody vouches for are marked; a channel without a proof of its own says nothing. */
export type Vouched = 'passed' | 'unproved' | 'failed'

export function vouchedOf(message: Pick<Message, 'direction' | 'payload'>): { verdict: Vouched; domain: string } | null {
  const proof = message.direction === 'in' ? message.payload?.['proof'] : null
  if (typeof proof !== 'object' || proof === null) return null
  const { verdict, domain } = proof as Record<string, unknown>
  if (verdict !== 'passed' && verdict !== 'unproved' && verdict !== 'failed') return null
  return { verdict, domain: typeof domain === 'string' ? domain : '' }
}
