/** 承诺: recognised while one types, given with the reply, kept, withdrawn, and the report. */
import { get, items, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type PromiseRow = Wire['PromiseRow']
export type PromiseKind = 'reply' | 'call' | 'act'
export interface Given {
  due: string
  kind: PromiseKind
  text?: string
}
export type Found = Required<Given>
export type Figures = Wire['PromiseFigures']

export const recognise = async (text: string) => (await post<{ found: Found | null }>('/promises/recognise', { text })).found
export const owed = (mine: boolean) => items<PromiseRow>(`/promises?mine=${mine}`)
export const ofTicket = (ticket: string) => items<PromiseRow>(`/tickets/${ticket}/promises`)
export const ofCustomer = (contact: string) => items<PromiseRow>(`/contacts/${contact}/promises`)
export const give = (ticket: string, given: Given) => post<unknown>(`/tickets/${ticket}/promises`, given)
export const keep = async (id: string) => (await post<{ promise: PromiseRow }>(`/promises/${id}/keep`)).promise
export const withdraw = async (id: string, reason: string) =>
  (await post<{ promise: PromiseRow }>(`/promises/${id}/withdraw`, { reason })).promise
export const report = async (start: string, end: string) =>
  (await get<{ items: Figures[] }>('/promises/report', { start, end })).items
