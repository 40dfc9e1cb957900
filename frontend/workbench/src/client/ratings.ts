/** 满意度: ratings, 邀评, 差评申诉, and one's own figures. */
import { get, items, post } from './http'
import type { components } from './schema'
import type { Channel } from './types'

type Wire = components['schemas']
export type RatingRow = Omit<Wire['RatingRow'], 'channel'> & { channel: Channel }
export type RatingAnswer = Omit<Wire['RatingAnswer'], 'rating'> & { rating: RatingRow | null }
export type Figures = Wire['FigureAnswer']
export type AgentDay = Wire['AgentDay']
export type Behind = Wire['Behind']
export type Which = 'mine' | 'low' | 'appeals'

export const CAUSES = ['person', 'process', 'product', 'logistics', 'malicious'] as const
export type Cause = (typeof CAUSES)[number]
export interface Span {
  start: string
  end: string
  agent: string
}

export const list = (which: Which) => items<RatingRow>(`/ratings?which=${which}`)
export type TicketRating = Wire['TicketRatingRow']
export const ofTickets = () => items<TicketRating>('/ratings/tickets')
export const ofConversation = (id: string) => get<RatingAnswer>(`/conversations/${id}/rating`)
export const invite = (id: string) => post<RatingAnswer>(`/conversations/${id}/invite-rating`)
export const appeal = async (id: string, cause: Cause, words: string) =>
  (await post<{ rating: RatingRow }>(`/conversations/${id}/rating/appeal`, { cause, words })).rating
export const decide = async (appealId: string, accept: boolean, words: string, cause: Cause) =>
  (await post<{ rating: RatingRow }>(`/ratings/appeals/${appealId}/decide`, { accept, words, cause })).rating
/** Days reach back to `since`: what was before. */
export const figures = (span: Span & { since: string }) => get<Figures>('/figures', { ...span })
export type PromiseBehind = Wire['PromiseRow']
export type Spell = Wire['Spell']
export const promisesBehind = async (span: Span) => (await get<{ items: PromiseBehind[] }>('/figures/promises', { ...span })).items
export const spellsBehind = async (span: Span) => (await get<{ items: Spell[] }>('/figures/presence', { ...span })).items
export const behind = async (figure: string, span: Span) =>
  (await get<{ items: Behind[] }>('/figures/conversations', { figure, ...span })).items
