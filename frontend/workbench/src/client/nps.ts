/** NPS: campaigns, their runs, what was answered. */
import { get, items, post } from './http'
import type { components } from './schema'
import type { Channel } from './types'

type Wire = components['schemas']
export type Campaign = Wire['CampaignShape']
export type Run = Wire['RunShape']
export type RunResults = Wire['RunResults']
export type Results = Wire['Results']
export type Standing = Wire['Standing']
export type Part = Wire['Part']
export type Month = Wire['Months']
export type Reach = Wire['Reach']
export type Comment = Omit<Wire['Comment'], 'channel'> & { channel: Channel }

export const KINDS = { all: [0, 10], detractors: [0, 6], passives: [7, 8], promoters: [9, 10] } as const
export type Kind = keyof typeof KINDS

export const campaigns = () => items<Campaign>('/nps')
export const results = (run: string) => get<RunResults>(`/nps/runs/${run}`)
export const months = (campaign: string) => items<Month>(`/nps/campaigns/${encodeURIComponent(campaign)}/months`)
export const comments = (run: string, kind: Kind, before?: string) =>
  get<{ items: Comment[]; before: string | null }>(`/nps/runs/${run}/comments`, { least: KINDS[kind][0], most: KINDS[kind][1], before })
export const start = (campaign: string) => post<Run>(`/nps/campaigns/${encodeURIComponent(campaign)}/runs`)
export const stop = (run: string) => post<Run>(`/nps/runs/${run}/stop`)
export const preview = (body: Record<string, unknown>) => post<Reach>('/nps/preview', { body })
export const tableOf = (run: string, language: string) => `/api/v1/nps/runs/${run}/answers.csv?lang=${language}`
