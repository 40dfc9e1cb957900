/** 快捷回复: the library, one's own, and what fills the gaps of a conversation. */
import { i18n } from '@/i18n'
import { get, post, put, remove } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type QuickReply = Wire['QuickReplyShape']
export type GapName = Wire['GapName']
export type Fact = Wire['Fact']
export interface OwnReply { title: string; text: string; types: string[]; version: number }

export const library = () => get<Wire['ReplyLibrary']>('/quick-replies')
export const gapsOf = async (conversation: string): Promise<Record<string, string>> =>
  (await get<Wire['GapValues']>(`/conversations/${conversation}/gaps`, { locale: i18n.global.locale.value })).values
export const keep = (reply: OwnReply) => post<QuickReply>('/quick-replies/own', reply)
export const change = (key: string, reply: OwnReply) => put<QuickReply>(`/quick-replies/own/${key}`, reply)
export const drop = (key: string) => remove<unknown>(`/quick-replies/own/${key}`)
