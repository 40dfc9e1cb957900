/** Kinds of notices somebody does not want to be told of. */
import { items, put } from './http'

/** Kinds that come as read. */
export const mutes = () => items<string>('/notices/mutes')
export const mute = async (why: string, muted: boolean) => (await put<{ items: string[] }>('/notices/mutes', { why, muted })).items
