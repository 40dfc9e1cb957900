/** What somebody comes back to: 等待原因, 下次跟进, 催单, 关注人, links, sub-tasks, the trace and 僵尸单. */
import { get, post, put, remove } from './http'
import type { components } from './schema'
import type { TicketRow } from './types'

type Wire = components['schemas']
export type WaitingReason = 'customer_info' | 'customer_confirm' | 'internal' | 'third_party' | 'appointment'
export type LinkKind = 'relates' | 'duplicates' | 'causes'
export type Around = Omit<Wire['Around'], 'links' | 'parent' | 'children' | 'merged' | 'into'> & {
  links: { id: string; kind: LinkKind; out: boolean; ticket: TicketRow }[]
  parent: TicketRow | null
  children: TicketRow[]
  merged: TicketRow[]
  into: TicketRow | null
}
export type TraceRow = Wire['TraceRow']

export const REASONS: WaitingReason[] = ['customer_info', 'customer_confirm', 'internal', 'third_party', 'appointment']
/** Our own turn: somebody has to look again at a time. */
export const needsTime = (reason: string) => !reason.startsWith('customer_')

export const waitFor = (ticket: string, wait: { reason: string; text: string; next_follow_up: string | null }) =>
  put<unknown>(`/tickets/${ticket}/wait`, wait)
export const goOn = (ticket: string, text: string) => post<unknown>(`/tickets/${ticket}/go-on`, { text })
export const chase = (ticket: string, text: string) => post<unknown>(`/tickets/${ticket}/chase`, { text })
export const around = (ticket: string) => get<Around>(`/tickets/${ticket}/around`)
export const watch = (ticket: string, agent?: string) => put<Around>(`/tickets/${ticket}/watchers`, agent ? { agent_id: agent } : {})
export const unwatch = (ticket: string, agent: string) => remove<Around>(`/tickets/${ticket}/watchers/${agent}`)
export const link = (ticket: string, number: number, kind: LinkKind, text: string) =>
  post<Around>(`/tickets/${ticket}/links`, { number, kind, text })
export const unlink = (ticket: string, id: string, text: string) => post<Around>(`/tickets/${ticket}/links/${id}/undo`, { text })
export const giveSubtask = (ticket: string, task: { subject: string; team_id: string; text: string }) =>
  post<unknown>(`/tickets/${ticket}/sub-tasks`, task)
export const trace = (ticket: string, cursor?: string) =>
  get<{ items: TraceRow[]; next: string | null }>(`/tickets/${ticket}/trace`, cursor ? { cursor } : {})
export const idle = async () => (await get<{ items: TicketRow[] }>('/tickets/idle')).items
