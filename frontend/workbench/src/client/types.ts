/** The wire, from the server's own description, with its enumerations spelled out. Times are RFC 3339 in UTC. */
import type { components } from './schema'

type Wire = components['schemas']
type Narrow<T, N> = Omit<T, keyof N> & N

/** Its name; outside packages bring channels of their own. */
export type Channel = string
export type Phase = 'bot' | 'queued' | 'served' | 'ended'
export type Status = 'new' | 'open' | 'pending' | 'done' | 'cancelled'
/** A key of the released tree: `complaint.quality` stands below `complaint`. */
export type TicketType = string
export type PresenceState = 'online' | 'busy' | 'break' | 'call' | 'wrapup' | 'offline'
export type Direction = 'in' | 'out' | 'note' | 'system'
export type Delivery = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown'
export type Solved = 'solved' | 'unsolved' | 'follow_up'
export type TicketView = 'mine' | 'team' | 'unassigned' | 'all'
export type MoveAction = 'solve' | 'confirm' | 'reopen' | 'cancel' | 'start' | 'return'

export type MyAgent = Wire['MyAgent']
export type SignedIn = Wire['SignedIn']
export type DemoDoor = Wire['Demo']
export type DemoAccount = Wire['DemoAccount']
export type Presence = Narrow<Wire['PresenceShape'], { state: PresenceState; reason: string | null }>
export type Me = Narrow<Wire['Me'], { presence: Presence; load: { live: number; async: number } }>
export type Named = { id: string; key?: string; name: string }
export type Colleague = Narrow<Wire['Colleague'], { presence: PresenceState; team_ids: string[] }>
export type Reference = Narrow<
  Wire['Reference'],
  { agents: Colleague[]; inboxes: { id: string; name: string; channel: Channel; brand_id: string }[] }
>

export interface Versioned {
  id: string
  version: number
}

export interface Summary {
  type: string
  solved: Solved
  text: string
}

export interface Rating {
  tags: string[]
  solved?: boolean | null
  stars?: number | null
  comment?: string
}

export type ConversationRow = Narrow<
  Wire['ConversationRow'],
  {
    channel: Channel
    phase: Phase
    ticket_status: Status | null
    type: TicketType | null
    summary: Summary | null
    rating: Rating | null
  }
>

export type Capability = Wire['Capability']

export type ThreadConversation = ConversationRow & { capability: Capability }

export type TicketRow = Narrow<Wire['TicketRow'], { channel: Channel; status: Status; type: TicketType; tags: string[] }>

export interface Attachment {
  hash: string
  name: string
  type: string
  size: number
  inline?: boolean
  url?: string
  /** The file this was made of, so that it can be played. */
  of?: string
  seconds?: number
  /** A voice: being made playable, or not to be. */
  playable?: 'waiting' | 'no'
  /** On this device only, until the server can be reached. */
  local?: boolean
}

export interface Author {
  kind: string
  name: string
  id?: string | null
}

export type Message = Narrow<
  Wire['MessageRow'],
  {
    channel: Channel
    direction: Direction
    author: Author
    attachments: Attachment[]
    payload: Record<string, unknown> | null
    delivery: Delivery | null
  }
>

export type Note = Narrow<Wire['NoteRow'], { from_status: Status | null; to_status: Status | null; author: Author }>
export type Suggestion = Wire['SuggestionShape']

export interface Thread {
  ticket: TicketRow | null
  conversations: { conversation: ConversationRow; capability: Capability }[]
  messages: Message[]
  before: string | null
  notes: Note[]
  suggestion: Suggestion | null
  merged: string[]
  pos: string
}

export type Offer = Narrow<Wire['OfferShape'], { conversation: ConversationRow }>

export type Counts = Wire['CountsShape']

export type Found = Wire['Found']

export type Candidate = Wire['CandidateShape']
export type Decided = Wire['DecidedShape']
export type Coming = Wire['ComingShape']
export type Why = Wire['WhyShape']
export type DueTarget = Wire['TargetShape']
export type Suppression = Wire['SuppressionShape']
export type Signing = Wire['SigningShape']
export type StoredFile = Wire['StoredFile']
export type Inbox = Narrow<Wire['InboxShape'], { channel: Channel; settings: Record<string, unknown> }>
export type Check = Wire['CheckShape']
export type AgentCard = Wire['AgentShape']
export type TeamCard = Wire['TeamShape']
export type Role = Wire['RoleShape']
export type ApiToken = Wire['TokenShape']

export interface Drive {
  on: boolean
  speed: number
}
