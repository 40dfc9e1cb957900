/** 核身 and what becomes of an identifier by a person's hand. */
import { get, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type Standing = Wire['VerificationStanding']
export type Reach = Wire['VerificationReach']
export interface Verification { standing: Standing; reaches: Reach[] }

export const read = (conversation: string) => get<Verification>(`/conversations/${conversation}/verification`)
export const begin = (conversation: string, reach: Reach) =>
  post<Verification>(`/conversations/${conversation}/verification`, { way: reach.way, address: reach.address })
export const end = (identity: string, reason: string) => post<unknown>(`/identities/${identity}/end`, { reason })
export const share = (identity: string, kind: 'phone' | 'shared_phone' | 'switchboard') =>
  post<unknown>(`/identities/${identity}/kind`, { kind })
