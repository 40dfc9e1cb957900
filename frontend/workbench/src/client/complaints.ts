/** 投诉: the panel of a ticket, compensations and approvals, outside cases, evidence. */
import { get, patch, post } from './http'
import type { components } from './schema'
import type { TicketRow } from './types'

type Wire = components['schemas']
export type Grade = 'ordinary' | 'major' | 'crisis'
export type Complaint = Wire['ComplaintShape'] & { grade: Grade }
export type Clock = Wire['ClockShape']
export type Compensation = Wire['CompensationShape']
export type Ledger = Wire['LedgerShape']
export type Case = Omit<Wire['CaseShape'], 'tickets'> & { tickets: [string, number][] }
export type Reply = Wire['ReplyShape']
export type Package = Wire['PackageShape']
export type Options = Wire['OptionsShape']
export type Titled = Wire['Titled']
export type Panel = Omit<Wire['PanelShape'], 'complaint' | 'cases'> & { complaint: Complaint | null; cases: Case[] }
export type OpenRow = { complaint: Complaint; ticket: TicketRow }
export type Approvals = { compensations: Compensation[]; replies: { case: Case; reply: Reply }[] }

export const GRADES: Grade[] = ['ordinary', 'major', 'crisis']
export const PAY_KINDS = ['coupon', 'refund', 'goods', 'points'] as const
export const GRADE_TONE: Record<Grade, string> = { ordinary: '', major: 'amber', crisis: 'red' }

export const panel = (ticket: string) => get<Panel>(`/tickets/${ticket}/complaint`)
export const open = (ticket: string, said: { grade: Grade; text: string; department: string | null; product: string | null; demands: string }) =>
  post<Panel>(`/tickets/${ticket}/complaint`, said)
export const change = (id: string, version: number, wanted: Record<string, unknown>) =>
  patch<Panel>(`/complaints/${id}`, { version, ...wanted })
export const contacted = (id: string, text: string) => post<Panel>(`/complaints/${id}/contacted`, { text })
export const escalate = (id: string, text: string, step: string | null) =>
  post<Panel>(`/complaints/${id}/escalate`, step ? { text, step } : { text })
export const close = (id: string, by: 'customer' | 'supervisor', text: string, message_id: string | null) =>
  post<Panel>(`/complaints/${id}/close`, { by, text, message_id })
export const opened = () => get<{ items: OpenRow[]; next: string | null }>('/complaints')

export const pay = (ticket: string, wish: { fen: number; kind: string; reason: string; order_no: string | null; addition: boolean }) =>
  post<Compensation>(`/tickets/${ticket}/compensations`, wish)
export const decide = (id: string, approve: boolean, text: string) => post<Compensation>(`/compensations/${id}/decide`, { approve, text })
export const withdraw = (id: string) => post<Compensation>(`/compensations/${id}/withdraw`, {})
export const approvals = () => get<Approvals>('/approvals')

export const cases = async () => (await get<{ items: Case[] }>('/external-cases')).items
export const register = (ticket: string, said: { source: string; case_no: string; received_on: string; demands: string }) =>
  post<Case>(`/tickets/${ticket}/external-cases`, said)
export const merge = (id: string, into: string) => post<Case>(`/external-cases/${id}/merge`, { into })
export const writeReply = (id: string, text: string) => post<Case>(`/external-cases/${id}/replies`, { text })
export const decideReply = (id: string, approve: boolean, text: string) => post<Case>(`/external-replies/${id}/decide`, { approve, text })
export const answer = (id: string) => post<Case>(`/external-cases/${id}/answer`, {})
export const closeCase = (id: string, text: string) => post<Case>(`/external-cases/${id}/close`, { text })

export const pack = (ticket: string) => post<Package>(`/tickets/${ticket}/evidence`, {})
export const hold = (contact: string, reason: string) => post<unknown>(`/contacts/${contact}/holds`, { reason })
export const release = (id: string, text: string) => post<unknown>(`/holds/${id}/release`, { text })
