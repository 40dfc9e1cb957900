/** The list of customers, and one customer's timeline. */
import { get } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type CustomerRow = Wire['CustomerRow']
export type Entry = Omit<Wire['Entry'], 'facts'> & { facts?: Record<string, unknown> }
export type EntryKind = Wire['EntryKind']
export type Figures = Wire['Figures']
export type ProfileField = Wire['ProfileField']
export type Sort = 'recent' | 'new'

export interface CustomerQuery {
  q?: string
  sort?: Sort
  cursor?: string
  limit?: number
}

export const list = (query: CustomerQuery) => get<{ items: CustomerRow[]; after: string | null }>('/customers', { ...query })
export const timeline = (contact: string, query: { kinds?: string; cursor?: string; limit?: number }) =>
  get<{ items: Entry[]; next: string | null }>(`/customers/${contact}/timeline`, { ...query })
