/** A house of one agent as his socket and his requests see it: rows that change, and the frames of what changed. */
import { createPinia, setActivePinia } from 'pinia'
import { type EffectScope, effectScope } from 'vue'
import type { ConversationRow, Message, TicketRow } from '@/client/types'
import { useConnection } from '@/composables/connection'
import { useSession } from '@/stores/session'
import { useThread } from '@/stores/thread'
import { pass } from './passing'
import { conversation, me, message, reachable, ticket } from './samples'

type Row = TicketRow | ConversationRow | Message
interface Change { e: 'ticket' | 'conversation' | 'message'; row: Row; gone: boolean }

const START = Date.parse('2026-11-22T10:00:00Z')
const COLLEAGUE = { id: 'gao', name: '高远', presence: 'online', live: 0 }

function must<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('no such row')
  return found
}

export class House {
  pos = 0
  forgets = false // what was missed is no longer known
  asked: string[] = []
  slow: Promise<void> | null = null // until then answers that were made already are on their way
  socket: Socket | null = null
  private changes: Change[] = []
  private tickets = new Map<string, TicketRow>()
  private conversations = new Map<string, ConversationRow>()
  messages: Message[] = []
  private own = me().presence
  private load = { live: 1, async: 0 }
  private colleague = COLLEAGUE
  private chance = 7

  constructor() {
    for (let n = 0; n < 20; n++) this.ticket(ticket(`t${n}`, { version: 0 }))
    this.conversation(conversation('c0', { ticket_id: 't0', version: 0 }))
    for (let n = 0; n < 3; n++) this.conversation(this.queued())
  }

  private at = () => new Date(START + this.pos * 1000).toISOString()

  private roll(below: number): number {
    this.chance = (this.chance * 1103515245 + 12345) % 2 ** 31
    return Math.floor((this.chance / 2 ** 31) * below)
  }

  private pick = <T>(some: T[]): T | undefined => some[this.roll(some.length)]

  private tell(e: Change['e'], row: Row, gone = false): void {
    this.pos++
    this.changes[this.pos] = { e, row, gone }
    this.socket?.hear(this.frame(this.pos))
  }

  private frame(pos: number): unknown {
    const { e, row, gone } = must(this.changes[pos])
    return gone ? { t: 'gone', e, id: row.id, pos: `1:${pos}` } : { t: 'put', e, id: row.id, v: 'version' in row ? row.version : 1, row, pos: `1:${pos}` }
  }

  private ticket(row: TicketRow): void {
    const now = { ...row, version: row.version + 1, last_message_at: this.at(), preview: `${this.pos}` }
    this.tickets.set(row.id, now)
    this.tell('ticket', now, now.agent_id !== 'me')
  }

  private conversation(row: ConversationRow): void {
    const now = { ...row, version: row.version + 1 }
    this.conversations.set(row.id, now)
    this.tell('conversation', now)
  }

  private queued = () =>
    conversation(`c${this.pos}`, { phase: 'queued', agent_id: null, assigned_at: null, seniority: this.at(), ticket_id: null, version: 0 })

  private mine = () => [...this.tickets.values()].filter((row) => row.agent_id === 'me')
  private phase = (phase: string) => [...this.conversations.values()].filter((row) => row.phase === phase)

  /** One thing happens. */
  step(): void {
    const other = this.pick(this.mine().filter((row) => row.id !== 't0'))
    const queued = this.pick(this.phase('queued'))
    const served = this.pick(this.phase('served').filter((row) => row.id !== 'c0'))
    const happening: (() => void)[] = [
      () => other && this.ticket(other),
      () => this.ticket(ticket(`t${this.pos}`, { version: 0 })),
      () => other && this.ticket({ ...other, agent_id: 'gao' }),
      () => this.conversation(this.queued()),
      () => queued && this.conversation({ ...queued, phase: 'served', agent_id: 'me', assigned_at: this.at() }),
      () => served && this.conversation({ ...served, phase: 'ended', ended_at: this.at() }),
      () => this.speak(),
      () => (this.colleague = { ...COLLEAGUE, presence: this.roll(2) ? 'busy' : 'break', live: this.roll(5) }),
      () => (this.own = { state: this.roll(2) ? 'busy' : 'online', reason: null, since: this.at() }),
    ]
    this.pick(happening)?.()
    this.load = { live: this.phase('served').length, async: this.mine().length }
  }

  /** A picture that lay at its vendor is there now. */
  attach(): void {
    const last = must(this.messages.at(-1))
    const row = { ...last, attachments: [{ hash: 'h', name: 'a.amr', type: 'audio/amr', size: 9, inline: false }] }
    this.messages.splice(-1, 1, row)
    this.tell('message', row)
  }

  speak(): void {
    const row = message(`m${String(this.pos).padStart(4, '0')}`, { conversation_id: 'c0', ticket_id: 't0', at: this.at() })
    this.messages.push(row)
    this.tell('message', row)
    this.conversation({ ...must(this.conversations.get('c0')), unread: this.messages.length, last_message_at: row.at })
    this.ticket(must(this.tickets.get('t0')))
  }

  told: { t: string; window?: string; conversation_id?: string }[] = [] // by the screen

  /** As the server greets who comes back: hello, then what he missed as whole rows, or that he must read anew. */
  greet(socket: Socket, after: string | null): void {
    this.socket = socket
    const from = after === null ? this.pos : Number(after.split(':')[1])
    socket.hear({ t: 'hello', pos: `1:${this.pos}`, session: 's' })
    if (after !== null && this.forgets) return socket.hear({ t: 'resync', reason: 'gap' })
    if (after !== null) socket.hear({ t: 'patch', e: 'reference', id: 'me', v: this.pos, row: {} })
    for (let pos = from + 1; pos <= this.pos; pos++) socket.hear(this.frame(pos))
  }

  fetch = (url: string): Promise<Response> => {
    const path = String(url).replace('/api/v1', '').split('?')[0] ?? ''
    this.asked.push(path)
    const found = this.answers()[path]
    const answer = new Response(JSON.stringify(found ?? { code: 'not_found' }), { status: found ? 200 : 404 })
    return (this.slow ?? Promise.resolve()).then(() => answer)
  }

  private answers(): Record<string, unknown> {
    const mine = this.mine().sort((a, b) => b.last_message_at.localeCompare(a.last_message_at))
    const { capability, ...rest } = reachable('c0', this.conversations.get('c0'))
    return {
      '/auth/me': { ...me(), presence: this.own, load: this.load },
      '/conversations/mine': { items: this.phase('served'), load: { ...this.load, live_cap: 5, async_cap: 30 } },
      '/conversations/queue': { items: this.phase('queued') },
      '/conversations/c0/draft': { draft: null },
      '/tickets': { items: mine, next: null },
      '/tickets/counts': { mine: mine.length, unassigned: 0, team: 0, all: mine.length, pending: 0 },
      '/tickets/t0': { ticket: this.tickets.get('t0'), conversations: [{ conversation: rest, capability }], messages: this.messages, before: null, notes: [], suggestion: null, merged: [], pos: `1:${this.pos}` },
      '/reference': { teams: [], agents: [this.colleague], inboxes: [], brands: [], skills: [], types: [], identifiers: [] },
      '/offers': { items: [] },
    }
  }
}

/** Stands for the browser's own. */
export class Socket {
  static house: House
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null

  constructor(readonly url: string) {
    queueMicrotask(() => {
      this.readyState = 1
      this.onopen?.()
    })
  }

  send(text: string): void {
    const said = JSON.parse(text) as { t: string; after?: string | null; window?: string; conversation_id?: string }
    Socket.house.told.push(said)
    if (said.t === 'hello') Socket.house.greet(this, said.after ?? null)
  }

  hear = (frame: unknown): void => this.onmessage?.({ data: JSON.stringify([frame]) })

  close(): void {
    this.readyState = 3
    if (Socket.house.socket === this) Socket.house.socket = null
    this.onclose?.()
  }
}

/** The agent is at his desk with the first ticket before him; who stops the scope sends him home. */
export async function sitDown(): Promise<EffectScope> {
  setActivePinia(createPinia())
  const scope = effectScope()
  await useSession().load()
  scope.run(() => useConnection())?.start()
  await pass(10)
  await useThread().open({ kind: 't', id: 't0' })
  await pass(10)
  return scope
}
