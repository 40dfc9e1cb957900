/** 敏感词, 黑名单 and 优先级: what is checked, held, turned away and decided. */
import { get, items, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']

export type WordHit = Wire['HitShape']
export type WordsFound = Wire['WordsFound']
export type HeldReply = Wire['HeldReply']
export type HeldRow = Wire['HeldRow']
export type Block = Wire['BlockShape']
export type BlockList = Wire['BlockList']
export type Reason = Wire['Reason']
export type BlockScope = Block['scope']
export type Step = Wire['ReportStep']
export type PriorityWhy = Wire['PriorityShape']
export type Preview = Wire['PreviewShape']

export const REASONS: Reason[] = ['abuse', 'harassment', 'advertising', 'flood']

export const checkWords = (text: string, conversation_id: string | null, files: string[]) =>
  post<WordsFound>('/words/check', { text, conversation_id, files })
export const heldReplies = () => items<HeldRow>('/words/held')
export const heldOf = (conversation: string) => items<HeldReply>(`/conversations/${conversation}/held`)
export const approveReply = (id: string) => post<HeldReply>(`/words/held/${id}/approve`)
export const refuseReply = (id: string, reason: string) => post<HeldReply>(`/words/held/${id}/refuse`, { reason })
export const withdrawReply = (id: string) => post<HeldReply>(`/words/held/${id}/withdraw`)

export const report = (message: string, reason: Reason) => post<Step>(`/messages/${message}/report`, { reason })
export const keepOut = (
  message: string, wish: { reason: Reason; note: string; scope: BlockScope; until: string | null },
) => post<Block>(`/messages/${message}/block`, wish)
export const blocks = (view: string, cursor?: string) => get<BlockList>('/blocks', { view, cursor })
export const blocksOf = (contact: string) => items<Block>(`/contacts/${contact}/blocks`)
export const lift = (id: string) => post<unknown>(`/blocks/${id}/lift`)
export const review = (id: string) => post<unknown>(`/blocks/${id}/review`)

export const priorityOf = (ticket: string) => get<PriorityWhy>(`/tickets/${ticket}/priority`)
export const previewPriority = (body: Record<string, unknown>) => post<Preview>('/priority/preview', { body })
