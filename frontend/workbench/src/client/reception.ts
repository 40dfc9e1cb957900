/** 智能助手: what it tried with a customer, what it was asked in vain, and how to try it. */
import type { Body } from './admin'
import { get, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type Turn = Wire['TurnShape']
export type Coverage = Wire['CoverageShape']
export type Tried = Wire['TriedShape']

export const turns = (conversation: string) => get<Wire['TurnsShape']>(`/conversations/${conversation}/reception`)
export const coverage = (days: number) => get<Coverage>('/reception/coverage', { days })
export const tryIt = (text: string, inbox: string, body?: Body) =>
  post<Tried>('/reception/try', { text, inbox_id: inbox || null, body: body ?? null })
export const readCsv = (csv: string) => post<{ entries: Body[] }>('/reception/import', { csv })
