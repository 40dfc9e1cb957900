/** What came in a pane since it was last the one in use: pure. */
import type { Message } from '@/client/types'
import type { Pane } from '@/stores/thread'

export const byCustomer = (messages: Message[]) => messages.filter((each) => each.direction === 'in')

export function freshOf(messages: Message[], seen: string): number {
  const all = byCustomer(messages)
  return all.length - 1 - all.findIndex((each) => each.id === seen)
}

export const nameOf = ({ thread }: Pane): string => thread.ticket?.contact_name ?? thread.conversations.at(-1)?.contact_name ?? ''
