/** Rosters, leave, breaks and 交接班. */
import { get, post, put, remove } from './http'
import type { components } from './schema'
import type { ConversationRow, Presence, TicketRow } from './types'

type Wire = components['schemas']
export type ShiftKind = 'day' | 'night' | 'on_call'
export type LeaveKind = 'annual' | 'sick' | 'personal' | 'training' | 'other'
export type Shift = Omit<Wire['ShiftShape'], 'kind'> & { kind: ShiftKind }
export type Leave = Omit<Wire['LeaveShape'], 'kind'> & { kind: LeaveKind }
export interface Person { id: string; name: string; team_ids: string[] }
export interface Day { day: string; special: 'holiday' | 'makeup' | null }
export interface Roster {
  tz: string
  days: Day[]
  shifts: Shift[]
  leaves: Leave[]
  people: Person[]
  teams: { id: string; name: string }[]
  may_plan: boolean
}
export interface ShiftWish { team_id: string; agent_id: string; kind: ShiftKind; day: string; begin: string; until: string; tz?: string }
export interface Imported { rows: number; made: number; faults: { line: number; field: string; message: string; zh: string | null }[] }
export interface Copied { made: number; skipped: { agent_id: string; day: string; begin: string; why: string; zh: string | null }[] }
export interface Line { quota: number | null; resting: string[]; waiting: number; place: number; reason: string | null; until: string | null }
export interface Left { ticket: TicketRow; due_at: string; why: string }
export interface Sheet { ends_at: string | null; back_at: string; chats: ConversationRow[]; tickets: Left[]; next: Person[] }
export interface ChatWish { id: string; do: 'transfer' | 'end' | 'keep'; agent_id?: string; team_id?: string; note: string }
export interface TicketWish { id: string; to: 'next' | 'team' | 'agent'; agent_id?: string; note: string }
export type ReceivedLine = Omit<Wire['ReceivedLine'], 'ticket'> & { ticket: TicketRow | null }
export interface Received { items: ReceivedLine[]; due: TicketRow[]; complaints: TicketRow[]; unseen: number }
export interface Worktime { agent_id: string; name: string; seconds: Record<string, number>; at_work: number; planned: number }

export const roster = (first: string, team?: string, days = 7) => get<Roster>('/roster', { first, days, team_id: team })
export const plan = (shift: ShiftWish) => post<Shift>('/roster/shifts', shift)
export const change = (id: string, version: number, shift: ShiftWish) => put<Shift>(`/roster/shifts/${id}`, { ...shift, version })
export const unplan = (id: string) => remove<unknown>(`/roster/shifts/${id}`)
export const bring = (text: string, dry_run: boolean) => post<Imported>('/roster/import', { text, dry_run })
export const copyWeek = (team_id: string, source: string, target: string) => post<Copied>('/roster/copy', { team_id, source, target })
export const addLeave = (leave: { agent_id: string; kind: LeaveKind; first: string; last: string; note: string }) =>
  post<{ leave: Leave; uncovered: Shift[] }>('/roster/leave', leave)
export const endLeave = (id: string) => remove<unknown>(`/roster/leave/${id}`)
export const worktime = async (first: string) => (await get<{ items: Worktime[] }>('/roster/worktime', { first })).items
export const myShifts = async () => (await get<{ items: Shift[] }>('/me/shifts')).items

export const myBreak = () => get<Line>('/me/break')
export const joinLine = (reason: string) => put<Line>('/me/break', { reason })
export const leaveLine = () => remove<unknown>('/me/break')
export const extendWrapUp = () => post<Presence>('/me/wrap-up/extend')

export const sheet = () => get<Sheet>('/me/handover')
export const handOver = (chats: ChatWish[], tickets: TicketWish[]) =>
  post<{ handed: number; staying: string[] }>('/me/handover', { chats, tickets })
export const received = () => get<Received>('/me/handover/received')
export const haveSeen = () => post<unknown>('/me/handover/received/seen')
