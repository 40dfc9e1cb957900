/** 求助组长: one click asks the leads who are there, else the whole team, with the customer's own last words. */
import * as consultations from '@/client/consultations'
import * as desk from '@/client/desk'
import { i18n } from '@/i18n'
import type { OpenThread } from '@/stores/thread'

const MOST_WORDS = 200

export async function raise(thread: OpenThread): Promise<void> {
  const { ticket, running } = thread
  if (!ticket) return
  const able = running ? await desk.receivers(running.id).catch(() => null) : null // who is there cannot be said: the team is asked
  const leads = able?.agents.filter((agent) => agent.lead).map((agent) => agent.agent_id) ?? []
  const said = thread.messages.filter((message) => message.direction === 'in').at(-1)?.text ?? ticket.subject
  await consultations.ask(ticket.id, {
    question: i18n.global.t('thread.raise_question', { words: said.slice(0, MOST_WORDS) }), agents: leads,
    teams: leads.length || !ticket.team_id ? [] : [ticket.team_id], war_room: false, ...(running ? { conversation_id: running.id } : {}),
  })
}
