/** Kinds of notices somebody does not want to be told of. */
import { get, items, put } from './http'
import type { components } from './schema'

/** Kinds that come as read. */
export const mutes = () => items<string>('/notices/mutes')
export const mute = async (why: string, muted: boolean) => (await put<{ items: string[] }>('/notices/mutes', { why, muted })).items

export type Quiet = Omit<NonNullable<components['schemas']['QuietHours']['quiet']>, 'critical_passes'>
export const quiet = async () => (await get<{ quiet: Quiet | null }>('/notices/quiet')).quiet
export const setQuiet = (quiet: Quiet | null) => put<{ quiet: Quiet | null }>('/notices/quiet', { quiet })
