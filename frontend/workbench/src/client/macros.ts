/** 快捷操作: what each would do with a ticket, and doing it. */
import { get, type Options, post } from './http'
import type { components } from './schema'
import type { Standpoint } from './desk'

type Wire = components['schemas']
export type Macro = Wire['MacroOffer']
export type MacroStep = Wire['MacroStep']
export interface Confirmed { mark: string; client_id: string; conversation_id: string | null; locale: string; seen: Standpoint | null }

export const offers = async (ticket: string, conversation: string | null, locale: string): Promise<Macro[]> =>
  (await get<Wire['MacroList']>(`/tickets/${ticket}/macros`, { conversation_id: conversation, locale })).items
export const apply = (ticket: string, key: string, confirmed: Confirmed, options?: Options) => post<Wire['MacroDone']>(`/tickets/${ticket}/macros/${key}`, confirmed, options)
