/** What an administrator sets up. */
import { get, items, patch, post, put, remove } from './http'
import type { AgentCard, ApiToken, Channel, Check, Drive, Inbox, Named, Role, Signing, Suppression, TeamCard } from './types'
import type { components } from './schema'

export interface InboxWish {
  channel: Channel
  name: string
  brand_id?: string
  team_id?: string | null
  settings: Record<string, unknown>
  secrets: Record<string, string>
  enabled?: boolean
}

type Checked = { checks: Check[] }

export const inboxes = () => items<Inbox>('/inboxes')
export const inbox = (id: string) => get<Inbox>(`/inboxes/${id}`)
export const createInbox = (wish: InboxWish) => post<Inbox>('/inboxes', wish)
export const editInbox = (id: string, version: number, wish: Partial<Omit<InboxWish, 'channel' | 'brand_id'>>) =>
  patch<Inbox>(`/inboxes/${id}`, { version, ...wish })
export const tryInbox = (id: string, settings: unknown, secrets: unknown) =>
  post<Checked>(`/inboxes/${id}/test`, { settings, secrets })
export const trySettings = (channel: Channel, settings: unknown, secrets: unknown) =>
  post<Checked>('/inboxes/test', { channel, settings, secrets })
/** A refusal means that there are no keys yet. */
export const authorise = (id: string) => post<{ url: string; redirect: string }>(`/inboxes/${id}/authorisation`, {})
export const dkim = (id: string) => get<Signing>(`/inboxes/${id}/dkim`)
export const makeDkim = (id: string) => post<Signing>(`/inboxes/${id}/dkim`, {})
export const snippet = (id: string) => get<{ snippet: string }>(`/inboxes/${id}/widget`)

export const agents = () => items<AgentCard>('/agents')
export const createAgent = (wish: Record<string, unknown>) => post<AgentCard>('/agents', wish)
export const editAgent = (id: string, change: Record<string, unknown>) => patch<AgentCard>(`/agents/${id}`, change)
export const setSkills = (id: string, skills: { skill_id: string; level: number }[]) =>
  put<unknown>(`/agents/${id}/skills`, { skills })
export const roles = () => items<Role>('/roles')
export const teams = () => items<TeamCard>('/teams')
export const createTeam = (key: string, name: string) => post<TeamCard>('/teams', { key, name })
export const editTeam = (id: string, version: number, name: string) => patch<TeamCard>(`/teams/${id}`, { version, name })
export const setMembers = (id: string, members: { agent_id: string; lead: boolean }[]) =>
  put<unknown>(`/teams/${id}/members`, { members })
export const skills = () => items<Named>('/skills')
export const createSkill = (key: string, name: string) => post<Named>('/skills', { key, name })
export const tokens = () => items<ApiToken>('/tokens')
export const issueToken = (name: string, scopes: string[]) =>
  post<{ token: ApiToken; secret: string }>('/tokens', { name, scopes })
export const revokeToken = (id: string) => remove<unknown>(`/tokens/${id}`)

type Demo = { enabled: boolean; drive: Drive | null; started_at: string | null; crm: boolean | null }
export const demo = () => get<Demo>('/demo')
export const switchCrm = (on: boolean) => put<Demo>('/demo', { crm: on })
export const setDrive = (drive: Drive) => put<unknown>('/demo', drive)
export const resetDemo = () => post<unknown>('/demo/reset')

export const brands = () => items<Named>('/brands')
export const createBrand = (key: string, name: string) => post<Named>('/brands', { key, name })
export const suppressions = (after?: string) => get<{ items: Suppression[]; next: string | null }>('/suppressions', { after })
export const liftSuppression = (id: string) => remove<unknown>(`/suppressions/${id}`)

export type ChannelRow = components['schemas']['ChannelRow']
export const channels = () => items<ChannelRow>('/channels')
