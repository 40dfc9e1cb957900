/** 仿真: a day under other rules, asked for, looked at, called off. */
import { get, items, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type Simulation = Wire['SimulationShape']
export type Result = Wire['ComparisonShape']
export type Findings = Wire['Findings']
export type Promised = Wire['Promise']
export type Load = Wire['Load']
export interface WhichDay {
  what: 'yesterday' | 'on' | 'generated'
  on?: string
  count?: number
  times?: number
}
export interface OtherRules {
  what: 'drafts' | 'release' | 'documents'
  release?: number
  documents?: { kind: string; name: string; body: Record<string, unknown> }[]
}

export const simulations = () => items<Simulation>('/simulations')
export const simulation = (id: string) => get<Simulation>(`/simulations/${id}`)
export const simulate = (day: WhichDay, rules: OtherRules) => post<Simulation>('/simulations', { day, rules })
export const cancel = (id: string) => post<Simulation>(`/simulations/${id}/cancel`)
