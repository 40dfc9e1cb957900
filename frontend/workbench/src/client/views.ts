/** Views 视图: selections of the ticket list under a name. */
import { get, items, post, put, remove } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type SavedView = Wire['ViewShape']
export type Among = SavedView['base']
export type Vocabulary = Wire['ViewVocabulary']
export interface Draft { name: string; base: Among; when: Record<string, unknown>; team_id: string | null; version: number }

export const list = () => get<Wire['ViewList']>('/views')
export const vocabulary = () => get<Vocabulary>('/views/fields')
export const numbers = () => items<Wire['ViewNumber']>('/views/numbers')
export const keep = (id: string, draft: Draft) => (id ? put<SavedView>(`/views/${id}`, draft) : post<SavedView>('/views', draft))
export const drop = (id: string) => remove<Wire['ViewList']>(`/views/${id}`)
export const order = (ids: string[], opens: string) => put<Wire['ViewList']>('/views/order', { ids, opens })
