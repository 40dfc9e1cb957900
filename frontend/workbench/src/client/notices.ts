/** Own notices: what came, and what was read. */
import { get, post } from './http'
import type { components } from './schema'

export type NoticeLevel = 'info' | 'warning' | 'critical'
export type Notice = Omit<components['schemas']['NoticeRow'], 'level'> & { level: NoticeLevel }
export interface NoticePage {
  items: Notice[]
  unread: number
  before: string | null
  kinds?: components['schemas']['NoticeKind'][]
}

export const notices = (query: { unread?: boolean; before?: string; limit?: number; kind?: string } = {}) =>
  get<NoticePage>('/notices', { ...query })
/** Urgent ones that nobody has acknowledged. */
export const calls = () => get<NoticePage>('/notices/calls')
export const acknowledge = (id: string) => post<{ unread: number }>(`/notices/${id}/acknowledge`, {})
/** Without ids: all of them, or all of a kind. */
export const readNotices = (ids: string[] | null, kind?: string) => post<{ unread: number }>('/notices/read', kind ? { ids, kind } : { ids })
