/** Connectors to CRMs, and what they know of a customer. */
import { get, post, put } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type ConnectorRow = Wire['ConnectorShape']
export type RunRow = Wire['ConnectorRun']
export type Trial = Wire['ConnectorTrial']
export type Looked = Wire['Looked']
export type SourceOrder = Wire['SourceOrder']
export type Known = Wire['LookedShape']

export const connectors = async (): Promise<ConnectorRow[]> => (await get<{ items: ConnectorRow[] }>('/connectors')).items
export const keepSecrets = (name: string, secrets: Record<string, string | null>) =>
  put<{ secrets_set: string[] }>(`/connectors/${name}/secrets`, { secrets })
export const tryOut = (name: string, value: string) => post<Trial>(`/connectors/${name}/test`, { value })
export const pull = (name: string) => post<{ id: string }>(`/connectors/${name}/pull`)
export const runs = async (name: string): Promise<RunRow[]> => (await get<{ items: RunRow[] }>(`/connectors/${name}/runs`)).items
export const known = (contact: string) => get<Known>(`/contacts/${contact}/sources`)
export const lookUp = (contact: string) => post<Known>(`/contacts/${contact}/look-up`)
