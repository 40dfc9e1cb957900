/** 客户归并: pairs that may be one person, previews, runs through all customers, weights. */
import { get, items, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type Pair = Wire['CustomerMatchShape']
export type PairList = Wire['MatchList']
export type Finding = Wire['FindingShape']
export type Side = Wire['Side']
export type Face = Wire['Face']
export type Merge = Wire['CustomerMergeShape']
export type Split = Wire['CustomerSplitShape']
export type Run = Wire['ResolutionRunShape']
export type RunView = Wire['ResolutionRunView']
export type Weights = Wire['WeightsShape']
export type WeightProposal = Wire['WeightProposalShape']

export const queue = (after?: string | null) => get<PairList>('/resolution/queue', after ? { after } : {})
export const decide = (id: string, same: boolean, note = '') => post<{ link_id: string | null }>(`/resolution/candidates/${id}`, { same, note })
export const merge = (one: string, other: string) => get<Merge>(`/contacts/${one}/merge/${other}`)
export const split = (link: string) => get<Split>(`/links/${link}/split`)
export const runs = () => items<Run>('/resolution/runs')
export const run = (id: string) => get<RunView>(`/resolution/runs/${id}`)
export const start = (dry: boolean) => post<Run>('/resolution/runs', { dry })
export const cancel = (id: string) => post<Run>(`/resolution/runs/${id}/cancel`)
export const weights = () => get<Weights>('/resolution/weights')
export const accept = (source: 'decisions' | 'pairs') => post<{ release: number }>('/resolution/weights/accept', { source })
