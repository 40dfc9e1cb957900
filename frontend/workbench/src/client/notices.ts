/** Own notices: what came, and what was read. */
import { get, post } from './http'
import type { components } from './schema'

export type NoticeLevel = 'info' | 'warning' | 'critical'
export type Notice = Omit<components['schemas']['NoticeRow'], 'level'> & { level: NoticeLevel }
export interface NoticePage {
  items: Notice[]
  unread: number
  before: string | null
}

export const notices = (query: { unread?: boolean; before?: string; limit?: number } = {}) =>
  get<NoticePage>('/notices', { ...query })
/** Urgent ones that nobody has acknowledged. */
export const calls = () => get<NoticePage>('/notices/calls')
export const acknowledge = (id: string) => post<{ unread: number }>(`/notices/${id}/acknowledge`, {})
/** Without ids: all of them. */
export const readNotices = (ids: string[] | null) => post<{ unread: number }>('/notices/read', { ids })
