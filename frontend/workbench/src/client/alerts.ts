/** Alerts that fire and fired, and the outlets by which notices leave the house. */
import { get, post, put } from './http'
import type { components } from './schema'
import type { NoticeLevel } from './notices'

type Wire = components['schemas']
export type AlertRow = Omit<Wire['AlertRow'], 'level'> & { level: NoticeLevel }
export type OutletRow = Wire['OutletShape']
export type PostRow = Wire['PostShape']

export const firing = () => get<{ items: AlertRow[] }>('/alerts')
export const fired = (before?: string) => get<{ items: AlertRow[]; before: string | null }>('/alerts/history', { before })
export const acknowledge = (id: string) => post<{ items: AlertRow[] }>(`/alerts/${id}/acknowledge`)

export const outlets = async (): Promise<OutletRow[]> => (await get<{ items: OutletRow[] }>('/outlets')).items
export const keepSecrets = (name: string, secrets: Record<string, string | null>) =>
  put<{ secrets_set: string[] }>(`/outlets/${name}/secrets`, { secrets })
export const tryOutlet = (name: string) => post<{ ok: boolean; detail: string }>(`/outlets/${name}/test`)
export const posts = async (name: string): Promise<PostRow[]> => (await get<{ items: PostRow[] }>(`/outlets/${name}/posts`)).items
