/** A reply that did not go out: why, and what can be done about it next. The server knows the steps. */
import type { Message } from '@/client/types'

export type Step = 'wait' | 'retry' | 'edit_address' | 'allow_address' | 'change_text' | 'other_channel' | 'reauthorise' | 'mend_inbox'

export interface Trouble {
  cause: string
  words: string
  steps: Step[]
}

export function troubleOf(message: Pick<Message, 'delivery' | 'failure'>): Trouble | null {
  const { delivery, failure } = message
  if (failure) return { cause: failure.code, words: failure.words, steps: failure.steps as Step[] }
  // Nobody knows how it ended, or why: only the agent can decide to send it once more.
  return delivery === 'unknown' || delivery === 'failed' ? { cause: delivery === 'unknown' ? 'unknown' : 'other', words: '', steps: ['retry'] } : null
}

/** Letters whose sender nobody vouches for are marked; a channel without a proof of its own says nothing. */
export function doubtOf(message: Pick<Message, 'direction' | 'sender'>): 'unproved' | 'failed' | null {
  const verdict = message.direction === 'in' ? message.sender?.verdict : undefined
  return verdict === 'unproved' || verdict === 'failed' ? verdict : null
}
