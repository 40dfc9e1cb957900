/** What a supervisor looks at and may set. */
import { put } from './http'
import type { PresenceState } from './types'

export const forcePresence = (agent: string, state: PresenceState, reason: string) =>
  put<unknown>(`/agents/${agent}/presence`, { state, reason })
