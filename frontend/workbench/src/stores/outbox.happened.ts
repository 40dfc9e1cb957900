/** What happened to a conversation since a reply to it was written. */
import * as desk from '@/client/desk'
import type { Happened, Waiting } from './outbox'
import { useSession } from './session'
import { useThreads } from './thread'

/** Who answered and when, or who has it now; nobody where it waits in the queue. */
export async function whatHappened(waiting: Waiting): Promise<Happened> {
  const me = useSession().agent?.id
  const to = waiting.ticket_id
  const now = new Date().toISOString()
  try {
    const said = await (to ? desk.ticketThread(to) : desk.conversationThread(waiting.conversation_id))
    const seen = waiting.seen?.message_id ?? ''
    const answer = said.messages.filter((m) => m.direction === 'out' && m.author.kind === 'agent' && m.author.id !== me && m.id > seen).at(-1)
    for (const thread of useThreads().holding(waiting.conversation_id)) void thread.reload()
    if (answer) return { what: 'answered', name: answer.author.name, at: answer.at }
    const here = said.conversations.find((each) => each.conversation.id === waiting.conversation_id)?.conversation
    return { what: 'moved', name: here?.agent_name ?? '', at: now }
  } catch {
    return { what: 'moved', name: '', at: now }
  }
}
