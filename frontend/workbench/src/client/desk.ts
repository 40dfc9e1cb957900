/** Conversations and tickets: lists, one thread, and the verbs of an agent. */
import type { Values } from './forms'
import type { Given } from './promises'
import type { Options } from './http'
import { i18n } from '@/i18n'
import { get, items, patch, post, remove } from './http'
import type {
  ConversationRow, Counts, DueTarget, Found, Message, MoveAction, Offer, Summary, Thread, TicketRow, TicketType, TicketView, Why,
} from './types'
import type { HeldReply } from './words'

export interface TicketQuery {
  view: TicketView
  status?: string
  channel?: string
  priority?: string
  type?: string
  due?: string
  tag?: string
  saved?: string
  when?: string
  cursor?: string
  limit?: number
}

/** What was on the screen: the newest message of the thread, and who served. */
export interface Standpoint {
  message_id: string | null
  agent_id: string | null
}

export interface Outgoing {
  client_id: string
  locale?: string
  seen?: Standpoint
  text: string
  attachments: { hash: string; name: string }[]
  note: boolean
  ticket_id?: string
  mentions: string[]
  then?: 'pending'
  promise?: Given
  quick_reply?: string
  quote?: string
  draft?: string
  order?: string
  template?: { key: string; blanks: Record<string, string> }
}

export interface Destination {
  agent_id?: string
  team_id?: string
  note: string
}

export interface MineList {
  items: ConversationRow[]
  load: { live: number; live_cap: number; async: number; async_cap: number }
}

export const mine = () => get<MineList>('/conversations/mine')
export const waiting = () => items<ConversationRow>('/conversations/waiting')
export const queue = () => items<ConversationRow>('/conversations/queue')
export const offers = () => items<Offer>('/offers')
export const tickets = (query: TicketQuery) =>
  get<{ items: TicketRow[]; next: string | null }>('/tickets', { ...query })
export const counts = () => get<Counts>('/tickets/counts')
export const search = async (q: string, kind?: string, limit = 12): Promise<Found[]> =>
  (await get<{ items: Found[] }>('/search', { q, kind, limit })).items

export const ticketThread = (id: string) => get<Thread>(`/tickets/${id}`)
export const conversationThread = (id: string) => get<Thread>(`/conversations/${id}`)
export const older = (ticket: string, before: string) =>
  get<{ messages: Message[]; before: string | null }>(`/tickets/${ticket}/messages`, { before })

export const olderOf = (conversation: string, before: string) =>
  get<{ messages: Message[]; before: string | null }>(`/conversations/${conversation}/messages`, { before })

/** Which messages of it say this, oldest first: also those that are not on the screen. */
export const found = async (place: { kind: 'c' | 't'; id: string }, q: string): Promise<string[]> =>
  (await get<{ ids: string[] }>(`/${place.kind === 't' ? 'tickets' : 'conversations'}/${place.id}/messages/found`, { q })).ids

export const say = (conversation: string, message: Outgoing, options: Options = {}) =>
  post<{ message: Message | null; held?: HeldReply | null }>(`/conversations/${conversation}/messages`, { locale: i18n.global.locale.value, ...message }, { key: message.client_id, ...options })
export const recall = (message: string) => post<unknown>(`/messages/${message}/recall`)
export const retry = (message: string) => post<unknown>(`/messages/${message}/retry`)
export const markRead = (conversation: string, message: string) =>
  post<unknown>(`/conversations/${conversation}/read`, { message_id: message })

export type Proposed = Summary & { own_words_needed: boolean }
export const proposedSummary = (conversation: string) =>
  get<Proposed>(`/conversations/${conversation}/summary`, { locale: i18n.global.locale.value })
export const end = (conversation: string, summary: Summary, fields: Values = {}) =>
  post<{ conversation: ConversationRow; ticket: TicketRow | null }>(`/conversations/${conversation}/end`, { summary, fields })
export const transfer = (conversation: string, to: Destination) =>
  post<Offer>(`/conversations/${conversation}/transfer`, to)
export interface Receivers {
  only_leads: boolean
  answer_s: number
  transfers: number
  teams: { team_id: string; name: string; free: number; wait_s: number }[]
  agents: { agent_id: string; name: string; team_ids: string[]; lead: boolean; room: number; carried: number; cap: number }[]
}

/** Who can take it now: who is not there is not named. */
export const receivers = (conversation: string) => get<Receivers>(`/conversations/${conversation}/receivers`)
export const acceptOffer = (id: string) => post<unknown>(`/offers/${id}/accept`)
export const declineOffer = (id: string, reason: string) => post<unknown>(`/offers/${id}/decline`, { reason })
export const putBack = (conversation: string, note: string) =>
  post<unknown>(`/conversations/${conversation}/put-back`, { note })
export const pull = (conversation: string) => post<unknown>(`/conversations/${conversation}/pull`)

export const move = (ticket: string, action: MoveAction, text: string, anyway = false) =>
  post<unknown>(`/tickets/${ticket}/move`, { action, text, anyway })
export const change = (ticket: string, version: number, changes: Record<string, unknown>, text: string) =>
  patch<unknown>(`/tickets/${ticket}`, { version, ...changes, text })
export const assign = (ticket: string, to: Destination) => post<unknown>(`/tickets/${ticket}/assign`, to)
export const pullTicket = (ticket: string) => post<unknown>(`/tickets/${ticket}/pull`)
export const join = (ticket: string, into: string, conversation: string) =>
  post<unknown>(`/tickets/${ticket}/join`, { into, conversation_id: conversation })
export const merge = (ticket: string, number: number, text: string) =>
  post<unknown>(`/tickets/${ticket}/merge`, { number, text })
export const unjoin = (ticket: string) => post<unknown>(`/tickets/${ticket}/unjoin`)
export const separate = (conversation: string) => post<unknown>(`/conversations/${conversation}/separate`)
export const split = (ticket: string, messages: string[], subject: string) =>
  post<{ ticket: TicketRow }>(`/tickets/${ticket}/split`, { message_ids: messages, subject })
export const createTicket = (ticket: {
  contact_id: string; subject: string; type: TicketType; priority: number; text: string
}) => post<{ ticket: TicketRow }>('/tickets', ticket)
export const dueOf = async (ticket: string): Promise<DueTarget[]> => (await get<{ items: DueTarget[] }>(`/tickets/${ticket}/sla`)).items
/** The customer's address was refused before; whoever looked says it is right. */
export const allowAddress = (conversation: string) => remove<unknown>(`/conversations/${conversation}/suppressions`)
export const why = (kind: 'conversation' | 'ticket', id: string, locale: string) => get<Why>(`/work/${kind}/${id}/why`, { locale })
