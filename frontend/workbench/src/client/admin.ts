/** What administrators look after: configuration, the journal, the machine room, the health of inboxes. */
import { get, items, post, put, remove } from './http'
import type { components } from './schema'

type Wire = components['schemas']

export type ConfigKind = Wire['KindShape']
export type ConfigDocument = Wire['DocumentShape']
export type DocumentChange = Wire['DocumentChangeShape']
export type Release = Wire['ReleaseShape']
export type CalendarAhead = Wire['CalendarAhead']
export type DayAhead = Wire['DayAhead']
export type Body = Record<string, unknown>
export type AuditRow = Wire['AuditRow']
export type Proof = Wire['Proof']
export type Operations = Wire['Operations']
export type HeldWork = Wire['HeldWork']
export type FailedRule = Wire['FailedRule']
export type Retried = Wire['Retried']
export type InboxHealth = Wire['InboxTraffic']

export const configKinds = () => items<ConfigKind>('/config/kinds')
export const configInForce = () => get<Wire['ConfigurationShape']>('/config')
export const configDrafts = () => items<DocumentChange>('/config/drafts')
export const configHistory = (kind: string, name: string) => items<ConfigDocument>(`/config/${kind}/${name}`)
export const saveDocument = (kind: string, name: string, body: Body, expected: number, note: string) =>
  put<ConfigDocument>(`/config/${kind}/${name}`, { body, expected, note })
export const checkDocument = (kind: string, name: string, body: Body) =>
  post<Wire['CheckedShape']>(`/config/${kind}/${name}/check`, { body })
export const conditionChoices = () => items<Wire['Choice']>('/config/choices')
export const countFitting = (kind: string, when: Record<string, unknown>) => post<Wire['Fitting']>(`/config/${kind}/fitting`, { when })
export const calendarAhead = (body: Body, year: number) => post<CalendarAhead>('/calendars/ahead', { body, year })
export const countries = () => items<Wire['Country']>('/calendars/countries')
export const removeDocument = (kind: string, name: string, expected: number) =>
  remove<ConfigDocument>(`/config/${kind}/${name}?expected=${expected}`)
export const discardDraft = (kind: string, name: string) => post<ConfigDocument>(`/config/${kind}/${name}/discard`)
export const releases = () => get<{ items: Release[]; next: string | null }>('/config/releases')
export const release = (expected: number, note: string) => post<Release>('/config/releases', { expected, note })
export const compareReleases = (before: number, after: number) =>
  get<{ items: DocumentChange[] }>('/config/compare', { before, after })
export const rollBack = (number: number, note: string) => post<Release>(`/config/releases/${number}/rollback`, { note })

export interface AuditQuery {
  kind?: string
  actor?: string
  agent_id?: string
  contact_id?: string
  conversation_id?: string
  ticket_id?: string
  subject?: string
  since?: string
  until?: string
  cursor?: string
  limit?: number
}

export const audit = (query: AuditQuery) => get<{ items: AuditRow[]; next: string | null }>('/audit', { ...query })
export const auditProof = (after: number, count: number) => get<Proof>('/audit/proof', { after, count })

export const operations = () => get<Operations>('/operations')
export const heldWork = () => items<HeldWork>('/operations/held')
export const failedRules = () => items<FailedRule>('/operations/rules')
export const retryHeld = () => post<{ items: Retried[] }>('/operations/retry')

export const inboxHealth = () => items<InboxHealth>('/inboxes/health')
export const suggestServers = (address: string) =>
  get<{ settings: Record<string, unknown> | null }>('/inboxes/suggestion', { address })
