/** Tags 标签: what tickets are given, and the house's list of them. */
import { items, patch, post, put } from './http'
import type { components } from './schema'
import type { TicketRow } from './types'

export type Tag = components['schemas']['TagShape']
export type Color = Tag['color']
export const COLORS: Color[] = ['', 'blue', 'green', 'amber', 'red', 'violet']

export const offered = () => items<Tag>('/tickets/tags')
export const all = () => items<Tag>('/tags')
export const make = (tag: string, color: Color) => post<unknown>('/tags', { tag, color })
export const change = (tag: string, change: { to?: string; color?: Color; retired?: boolean }) => patch<unknown>('/tags', { tag, ...change })
export const tagTicket = async (ticket: string, add: string[], remove: string[]) =>
  (await put<{ ticket: TicketRow }>(`/tickets/${ticket}/tags`, { add, remove })).ticket
