/** What travels between a visitor and the server. Names and shapes are the public protocol; times are RFC 3339 UTC. */

export interface Attachment {
  name: string
  type: string
  size: number
  url: string
  hash?: string
}

export interface Product {
  id: string
  title: string
  url?: string
  image?: string
  price?: string
  note?: string
}

export interface Payload {
  options?: string[]
  card?: Product
}

/** A message as the server keeps it; a later frame with the same id replaces the earlier (a recall, a delivery). */
export interface WidgetMessage {
  id: string
  conversation_id: string
  from: 'customer' | 'agent' | 'bot' | 'system'
  name: string
  kind: string
  text: string
  attachments: Attachment[]
  at: string
  client_id: string | null
  delivery: string
  payload?: Payload | null
}

export interface Queue {
  position: number
  eta_s: number | null
}

export interface Conversation {
  id: string
  phase: 'bot' | 'queued' | 'served' | 'ended'
  agent_name: string | null
  queue: Queue | null
  survey: boolean
  rating?: { solved: boolean | null; stars: number | null; tags: string[]; comment: string } | null
}

export interface FormField {
  name: string
  label: string
  type: 'text' | 'email' | 'tel' | 'select'
  required: boolean
  options?: string[]
}

/** An automatic invitation: every condition that is present must hold on the visitor's page. */
export interface InvitationRule {
  id: string
  text: string
  url_contains?: string
  page_seconds?: number
  visit_seconds?: number
  pages?: number
  views?: { url_contains: string; count: number }
  scroll_percent?: number
  exit_intent?: boolean
  event?: string
  cart_value?: number
}

export interface Config {
  name: string
  color: string
  locale: string
  logo?: string | null
  subtitle?: string | null
  position?: 'right' | 'left'
  welcome: { text: string; questions: string[] }
  pre_chat: { title?: string; fields: FormField[] }
  online: boolean
  opens: string | null
  /** What is promised for a message left now. */
  reply_by?: string | null
  /** Outside the hours: somebody comes for what is urgent, all else is answered by `reply_by`. */
  night?: boolean
  rules: InvitationRule[]
  file_limit: number
  rating_tags?: string[]
  callback?: boolean
  /** Whoever queues may ask the assistant meanwhile. */
  assistant?: boolean
  tracking?: boolean
  /** The visit is recorded only after the visitor agreed. */
  consent?: boolean
  /** There are shops: a member code, and appointments. */
  visits?: boolean
}

export interface Identity {
  id: string
  email?: string
  name?: string
  jwt?: string
  hash?: string
  /** Of a sign-in with WeChat. */
  pass?: string
}

export interface Page {
  url: string
  title: string
  referrer: string
}

export interface Session {
  token: string
  visitor: string
  expires: string
  pos: string
  conversation: Conversation | null
  messages: WidgetMessage[]
  unread: number
  profile?: Record<string, string> | null
  /** Whether there are messages before these. */
  more?: boolean
  nps?: NpsQuestion | null
}

/** A survey that waits for him: 0 to 10 at `url`, where `?score=` chooses one already. */
export interface NpsQuestion {
  id: string
  brand: string
  url: string
}

/** Messages before a known one. */
export interface History {
  messages: WidgetMessage[]
  more: boolean
}

/** One of the visitor's own tickets, and how far it is. */
export interface Ticket {
  number: number
  subject: string
  status: string
  created_at: string
  answer_by: string | null
  chases: number
  steps: { step: string; at: string }[]
}

/** What is shown at a counter; `path` draws it in a square of 29. */
export interface MemberCode {
  digits: string
  path: string
  expires_at: string
  signed_in: boolean
}

/** 预约到店; `open` ones may still be changed by whoever made them. */
export interface Appointment {
  id: string
  shop: string
  address: string
  starts_at: string
  purpose: string
  state: string
  open: boolean
}

export interface TrailItem {
  kind: string
  url: string
  title: string
  at: string
  dwell_ms?: number
  data?: Record<string, unknown>
}

/** Who delivers pushes to the app. */
/** Between these his phone is silent, over midnight when the end is earlier. `tz` is an IANA name. */
export interface QuietHours { start: string; end: string; tz?: string }
export type PushProvider = 'apns' | 'fcm' | 'getui' | 'jpush'

/** Frames that must take effect exactly once carry a client_id, wait in the outbox, and are acknowledged. */
export type DurableFrame =
  | { t: 'message'; text: string; attachments: string[]; payload?: Payload }
  | { t: 'human' }
  | { t: 'assistant' }
  | { t: 'end' }
  | { t: 'rate'; conversation_id: string; solved: boolean | null; stars: number | null; tags: string[]; comment: string }
  | { t: 'profile'; name?: string; email?: string; phone?: string; fields?: Record<string, unknown> }
  | { t: 'invite'; id: string; answer: 'shown' | 'accepted' | 'closed' }
  | { t: 'consent'; granted: boolean }
  | { t: 'push'; provider: PushProvider; token: string; withdrawn?: boolean; locale?: string; quiet?: QuietHours }

export type FleetingFrame =
  | { t: 'typing' }
  | { t: 'read'; message_id: string }
  /** `sent_at` is this browser's clock, which may be wrong: the server moves the items by as much. */
  | { t: 'trail'; items: TrailItem[]; sent_at?: string }
  | { t: 'ping' }

export type ClientFrame = (DurableFrame & { client_id: string }) | FleetingFrame

export type ServerFrame =
  | { t: 'welcome'; pos: string; conversation: Conversation | null }
  | { t: 'ack'; client_id: string; message_id?: string | null; pos?: string }
  | { t: 'message'; pos: string; message: WidgetMessage }
  | { t: 'state'; conversation: Conversation | null; pos?: string }
  | ({ t: 'queue' } & Queue)
  | { t: 'typing'; name?: string }
  /** Whether somebody is there now; when not, messages are left. */
  | { t: 'duty'; online: boolean; opens: string | null; reply_by: string | null; night?: boolean }
  | { t: 'invite'; id: string; text: string; name?: string }
  | { t: 'survey'; conversation_id: string }
  | { t: 'pos'; pos: string }
  | { t: 'error'; code: string; detail: string; client_id?: string }
  | { t: 'resync' }
