/** 会诊: colleagues asked into a ticket, their discussion, the conclusion. */
import { get, items, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type ConsultationRow = Wire['ConsultationRow']
export type Line = Wire['ConsultationLine']
export type Consultation = { consultation: ConsultationRow; lines: Line[] }
export interface Ask {
  question: string
  agents: string[]
  teams: string[]
  war_room: boolean
  conversation_id?: string
}

export const open = (mine: boolean) => items<ConsultationRow>(`/consultations?mine=${mine}`)
export const ofTicket = (ticket: string) => items<ConsultationRow>(`/tickets/${ticket}/consultations`)
export const read = (id: string) => get<Consultation>(`/consultations/${id}`)
export const ask = (ticket: string, wanted: Ask) => post<Consultation>(`/tickets/${ticket}/consultations`, wanted)
export const join = (id: string) => post<Consultation>(`/consultations/${id}/join`)
export const leave = (id: string) => post<undefined>(`/consultations/${id}/leave`)
export const invite = (id: string, agents: string[], teams: string[]) =>
  post<Consultation>(`/consultations/${id}/invite`, { agents, teams })
export const say = (id: string, text: string, mentions: string[], client_id: string) =>
  post<Consultation>(`/consultations/${id}/messages`, { text, mentions, client_id })
export const close = (id: string, conclusion: string) => post<Consultation>(`/consultations/${id}/close`, { conclusion })
