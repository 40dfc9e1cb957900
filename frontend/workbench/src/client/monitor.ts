/** Live numbers, the list behind each, and what a supervisor does about them. */
import { get, post, remove } from './http'
import type { components } from './schema'
import type { ConversationRow, PresenceState, TicketRow } from './types'

type Wire = components['schemas']
export type Board = Wire['MonitorShape']
export type AgentFigures = Omit<Wire['AgentFigures'], 'state'> & { state: PresenceState }
export type Figures = Omit<Wire['FiguresShape'], 'people'> & { people: AgentFigures[] }
export type Chart = Pick<Figures, 'hours' | 'channel'>
export type Steps = Wire['StepsShape']
export type Measure = Wire['MeasureShape']
export type Goal = Wire['GoalShape']
export type Metric = Wire['MetricShape']
export type Where = 'all' | 'team' | 'channel' | 'inbox' | 'agent'
export interface Behind {
  conversations: ConversationRow[]
  tickets: TicketRow[]
  next: string | null
  seconds: Record<string, number>
}

export const board = () => get<Board>('/monitor')
/** Of one team or channel; the whole house's stands in the board. */
export const chart = (where: Where, id: string) => get<Chart>('/monitor/chart', { where, id })
export const behind = (metric: string, where: Where, id: string, cursor?: string, hour?: string, channel?: string) =>
  get<Behind>('/monitor/behind', { metric, where, id, cursor, hour, channel })
export const reinforce = (team_id: string, agent_ids: string[], minutes: number) =>
  post<Steps>('/monitor/reinforce', { team_id, agent_ids, minutes })
export const raiseCaps = (team_id: string, more: number, minutes: number) => post<Steps>('/monitor/caps', { team_id, more, minutes })
export const botFirst = (team_id: string, minutes: number) => post<Steps>('/monitor/bot-first', { team_id, minutes })
export const announce = (team_id: string, text: string, minutes: number) => post<Steps>('/monitor/notice', { team_id, text, minutes })
export const endMeasure = (id: string) => remove<Steps>(`/monitor/measures/${id}`)
export const takeOver = (conversation: string, note: string, agent_id?: string) =>
  post<unknown>(`/conversations/${conversation}/take-over`, { note, ...(agent_id ? { agent_id } : {}) })
export const whisper = (conversation: string, text: string) => post<unknown>(`/conversations/${conversation}/whisper`, { text })
export const reclaim = (agent: string, note: string, waiting: boolean) =>
  post<{ count: number }>(`/agents/${agent}/reclaim`, { note, waiting })
