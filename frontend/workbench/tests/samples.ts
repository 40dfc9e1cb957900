/** Rows as the server sends them, for the tests. */
import type { ConversationRow, Me, Message, ThreadConversation, TicketRow } from '@/client/types'

const AT = '2026-11-22T10:00:00Z'

export const conversation = (id: string, over: Partial<ConversationRow> = {}): ConversationRow => ({
  id, version: 1, phase: 'served', live: true, channel: 'webchat', inbox_id: 'i', inbox_name: '官网', contact_id: 'k',
  contact_name: '王晓燕', contact_level: 0, verified: false, agent_id: 'me', agent_name: '林一', team_id: null, brand_id: 'b',
  ticket_id: 't', ticket_number: 1, ticket_status: 'open', type: 'consult', priority: 2, preview: '在吗', unread: 0,
  waiting_since: null, last_message_at: AT, seniority: AT, asleep: false, queued_at: null, assigned_at: AT,
  first_response_at: null, joined_ticket_id: null, joined_ticket_number: null, ended_at: null, end_reason: null,
  summary: null, rating: null, identity_id: 'id', identity_kind: 'visitor', identity_masked: '138****5521', ...over,
})

export const reachable = (id: string, over: Partial<ThreadConversation> = {}): ThreadConversation => ({
  ...conversation(id), capability: { reply: true, reason: null, recall: true, files: true, html: false, together: true, public: false, free: true, quote: false }, ...over,
})

export const ticket = (id: string, over: Partial<TicketRow> = {}): TicketRow => ({
  id, version: 1, number: 1, subject: '未发货', status: 'open', priority: 2, type: 'consult', channel: 'webchat',
  contact_id: 'k', contact_name: '王晓燕', contact_level: 0, agent_id: 'me', agent_name: '林一', owner_id: null,
  team_id: null, team_name: null, brand_id: 'b', preview: '', unread: 0, waiting_since: null, last_message_at: AT,
  created_at: AT, closed_at: null, repeats: 0, merged_into: null, linked_to: null, order_no: null, tags: [],
  waiting_reason: null, next_follow_up: null, chases: 0, parent_id: null, ...over,
})

export const message = (id: string, over: Partial<Message> = {}): Message => ({
  id, conversation_id: 'c', ticket_id: 't', contact_id: 'k', identity_id: 'id', channel: 'webchat', direction: 'in',
  author: { kind: 'customer', name: '王晓燕', id: null }, kind: 'text', text: id, html: null, quoted: null, attachments: [],
  payload: null, at: AT, delivery: null, delivery_error: null, recalled_at: null, client_id: null, failure: null, sender: null, ...over,
})

export const me = (): Me => ({
  agent: {
    id: 'me', login: 'linyi', name: '林一', role: 'agent', role_name: '客服', permissions: ['message.reply'], scope: 'team',
    locale: 'zh-CN', live_cap: 5, async_cap: 30, teams: [],
  },
  csrf: 'x', presence: { state: 'online', reason: null, since: AT }, load: { live: 0, async: 0 }, demo: false, now: AT,
})

/** A server of canned answers; what is not in it is missing. */
export function answering(answers: Record<string, unknown>): typeof fetch {
  return (async (url: string) => {
    const path = String(url).replace('/api/v1', '').split('?')[0] ?? ''
    const found = answers[path]
    return new Response(JSON.stringify(found ?? { code: 'not_found' }), { status: found === undefined ? 404 : 200 })
  }) as unknown as typeof fetch
}

/** Stands for the browser's own: of every question of the screen the answer is no, and stays so. */
export const matchMedia = () => Object.assign(new EventTarget(), { matches: false })
