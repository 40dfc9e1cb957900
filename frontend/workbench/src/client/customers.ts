/** The list of customers, and one customer's timeline. */
import { get, items, patch, post, remove } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type CustomerRow = Wire['CustomerRow']
export type Entry = Omit<Wire['Entry'], 'facts'> & { facts?: Record<string, unknown> }
export type EntryKind = Wire['EntryKind']
export type Figures = Wire['Figures']
export type ProfileField = Wire['ProfileField']
export type Remark = Wire['Remark']
export type FieldSpec = Wire['CustomerField']
export type FieldSaid = Wire['FieldSaid']
export type Sort = 'recent' | 'new'

export interface CustomerQuery {
  q?: string
  sort?: Sort
  tag?: string
  segment?: string
  level?: number
  open?: boolean
  cursor?: string
  limit?: number
}

export const list = (query: CustomerQuery) => get<{ items: CustomerRow[]; after: string | null }>('/customers', { ...query })
/** The rows of whoever these contacts belong to now. */
export const some = (contacts: string[]) => items<CustomerRow>(`/customers/rows?ids=${contacts.join(',')}`)
export const timeline = (contact: string, query: { kinds?: string; until?: string; cursor?: string; limit?: number }) =>
  get<{ items: Entry[]; next: string | null }>(`/customers/${contact}/timeline`, { ...query })
export const knownTags = () => items<string>('/customer-tags')
export const tag = async (contact: string, add: string[], take: string[]) => (await post<{ items: string[] }>(`/customers/${contact}/tags`, { add, remove: take })).items
export const addRemark = (contact: string, text: string, pinned: boolean) => post<Remark>(`/customers/${contact}/remarks`, { text, pinned })
export const pinRemark = (id: string, pinned: boolean) => patch<unknown>(`/remarks/${id}`, { pinned })
export const removeRemark = (id: string) => remove<unknown>(`/remarks/${id}`)
export const revealField = async (contact: string, key: string, reason: string) =>
  (await post<{ value: unknown }>(`/contacts/${contact}/fields/${key}/reveal`, { reason })).value

export const fields = () => items<FieldSpec>('/customers/fields')
export const history = (contact: string, key: string) => items<FieldSaid>(`/contacts/${contact}/fields/${key}`)
/** By hand; null takes back what people wrote, and the next source is believed. */
export const write = (contact: string, version: number, said: { name?: string; level?: number; fields?: Record<string, unknown> }) =>
  patch(`/contacts/${contact}`, { version, ...said })
export const exportUrl = (language: string, reason: string | null) =>
  `/api/v1/customers/export.csv?lang=${language}${reason === null ? '' : `&reveal=true&reason=${encodeURIComponent(reason)}`}`
