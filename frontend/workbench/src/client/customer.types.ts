/** The customer's whole view and the visitors on the pages. */
import type { Entry } from './customers'
import type { components } from './schema'
import type { TicketRow } from './types'

type Wire = components['schemas']

export type Member = Wire['MemberRow']
export type PersonLink = Omit<Wire['PersonLink'], 'evidence'> & { evidence: Record<string, unknown> }
export type TicketElsewhere = Wire['TicketElsewhere']
export type Identity = Wire['IdentityRow']

export interface TrailItem {
  kind: string
  url: string
  title: string
  at: string
  dwell_ms: number | null
  data?: Record<string, unknown> | null
}

export interface Trail {
  visit: {
    started_at: string
    seen_at: string
    origin: unknown
    pages: number
    cart: unknown
    online: boolean
  }
  items: TrailItem[]
}

export interface Customer {
  /** 已核身: by a proof that holds now. */
  verified: boolean
  contact: Omit<Wire['ContactHead'], 'fields'> & { fields: Record<string, unknown> }
  members: Member[]
  links: PersonLink[]
  identities: Identity[]
  tags: string[]
  pinned: Wire['Remark'][]
  figures: Wire['Figures']
  profile: Wire['ProfileField'][]
  tickets: TicketRow[]
  elsewhere: TicketElsewhere[]
  timeline: Entry[]
  trail?: Trail | null
}

export interface OnlineVisitor {
  visit_id: string
  contact_id?: string | null
  name: string | null
  page: string
  title: string
  since: string
  pages: number
  cart: unknown
  source: string | null
}
