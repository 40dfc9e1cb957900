/** Customer segments: who is in which, how many a condition fits, and what they come to. */
import type { CustomerRow } from './customers'
import { get, post, put, remove } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type Segment = Wire['SegmentShape']
export type SegmentList = Wire['SegmentList']
export type SegmentFields = Wire['SegmentFields']
export type SegmentFit = Wire['SegmentFit']
export type SegmentReport = Wire['SegmentReport']
export type SegmentOf = Wire['SegmentOf']
export type SegmentDraft = Wire['SegmentDraft']
export type Totals = Wire['Totals']

export const all = () => get<SegmentList>('/segments')
export const fields = () => get<SegmentFields>('/segments/fields')
export const count = (when: unknown) => post<SegmentFit>('/segments/count', { when })
export const save = (key: string, draft: SegmentDraft) => put<SegmentList>(`/segments/${key}`, draft)
export const drop = (key: string) => remove<SegmentList>(`/segments/${key}`)
export const report = (key: string) => get<SegmentReport>(`/segments/${key}/report`)
export const members = (key: string, query: { cursor?: string; limit?: number }) =>
  get<{ items: CustomerRow[]; after: string | null }>(`/segments/${key}/members`, { ...query })
export const file = (key: string, lang: string) => `/api/v1/segments/${key}/members.csv?lang=${lang}`
export const of = (contact: string) => get<{ items: SegmentOf[] }>(`/customers/${contact}/segments`)
