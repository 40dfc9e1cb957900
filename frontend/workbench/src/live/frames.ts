/** What the server says over the agents' socket. */
export type Entity =
  | 'conversation' | 'ticket' | 'message' | 'presence' | 'load' | 'offer' | 'reference' | 'visitor' | 'drive' | 'note' | 'metrics' | 'steps' | 'notice' | 'alert' | 'promise' | 'consultation' | 'complaint' | 'verification' | 'customer' | 'customers' | 'appointment'

export interface RowFrame {
  t: 'put' | 'patch'
  e: Entity
  id: string
  v: number
  row: Record<string, unknown>
  pos?: string
}

export type Frame =
  | { t: 'hello'; pos: string; session: string }
  | RowFrame
  | { t: 'gone'; e: Entity; id: string; pos?: string }
  | { t: 'pos'; pos: string }
  | { t: 'stale'; pos: string }
  | { t: 'typing'; conversation_id: string; who: 'customer' | 'agent'; name: string }
  | { t: 'draft'; conversation_id: string; version: string | null }
  | { t: 'viewing'; ticket_id: string; agents: { id: string; name: string }[] }
  | { t: 'resync'; reason: string }
  | { t: 'alert'; kind: AlertKind; conversation_id: string | null; text: string }
  | { t: 'pong' }

export type AlertKind = 'new_chat' | 'waiting' | 'mention' | 'offer' | 'failed' | 'notice'
export type AlertFrame = Extract<Frame, { t: 'alert' }>

export interface Watch {
  tickets: string[]
  contacts: string[]
  conversations: string[]
  queue: boolean
  visitors: boolean
  monitor: boolean
  customers?: boolean
  list: 'mine' | 'team' | 'unassigned' | 'all' | 'none'
}

export type ClientFrame =
  | { t: 'hello'; after: string | null; window: string; watch: Watch }
  | ({ t: 'watch' } & Watch)
  | { t: 'typing'; conversation_id: string }
  | { t: 'ping' }

/** One frame or several packed into an array; what is not understood is left out. */
export function decode(text: string): Frame[] {
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    return []
  }
  const frames = Array.isArray(said) ? said : [said]
  return frames.filter((frame): frame is Frame => typeof (frame as Frame | null)?.t === 'string')
}
