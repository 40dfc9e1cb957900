/** One change of many tickets: begun, watched, taken back. */
import { get, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export interface Change {
  do: 'assign' | 'move' | 'tag' | 'priority' | 'type'
  agent_id?: string
  team_id?: string
  action?: string
  add?: string[]
  remove?: string[]
  priority?: number
  type?: string
}
export type BulkFailure = { ticket_id: string; number: number; code: string | null; detail: string | null; zh: string | null }
export type BulkJob = Omit<Wire['BulkShape'], 'change' | 'failures'> & {
  change: Omit<Change, 'do'> & { do: Change['do'] | 'undo' }
  failures: BulkFailure[]
}

export const start = (tickets: string[], change: Change, text: string) => post<BulkJob>('/bulk', { ticket_ids: tickets, change, text })
export const job = (id: string) => get<BulkJob>(`/bulk/${id}`)
export const undo = (id: string) => post<BulkJob>(`/bulk/${id}/undo`)
