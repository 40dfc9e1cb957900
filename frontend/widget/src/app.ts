import { backoff, type Appointment, type Client, type Config, type Happening, type Identity, type MemberCode, type Ports, type Product, type Ticket } from 'yizhan-sdk'
import type { Word } from '../look'
import { loadLook } from './look'

/** There is one widget on a page, so what it knows is kept by this module. */

export interface Upload {
  key: string
  file: File
  preview: string
  failed: boolean
}

export interface Rating {
  solved: boolean | null
  stars: number
  tags: string[]
  comment: string
  /** Which conversation was rated in this window; the form is folded for it. */
  done: string
}

const NO_RATING: Rating = { solved: null, stars: 0, tags: [], comment: '', done: '' }

const freshUi = () => ({
  open: false,
  panel: 'chat' as 'chat' | 'leave' | 'callback' | 'progress' | 'visits',
  tickets: null as Ticket[] | null,
  code: null as MemberCode | null,
  visits: [] as Appointment[],
  /** Which appointment gets another time, and the times of the day looked at. */
  moving: '',
  times: [] as string[],
  emoji: false,
  askEnd: false,
  teaser: null as { id: string; name: string; text: string } | null,
  invited: null as { name: string; text: string; after: number } | null,
  /** How many lines stood before the greeting; null when it was not given. */
  greetAfter: null as number | null,
  profiled: false,
  left: null as string | null,
  problem: null as Word | null,
  uploads: [] as Upload[],
  rating: NO_RATING,
  queuedAt: 0,
  keepUntil: 0,
  product: null as Product | null,
  dragging: false,
  /** What was done with the survey, by its id. */
  nps: {} as Record<string, 'shown' | 'closed'>,
  scrolledUp: false,
})

/** What the window shows beside what the client knows. */
export const ui = freshUi()
export let client: Client
export let ports: Ports
export let config: Config
export let locale = ''

/** When a wait gets other words. */
export const WAIT_STAGES_MS = [60_000, 180_000]
const GREET_AGAIN_MS = 30 * 60_000

let base = ''
let root: ShadowRoot
let draw: () => void
let painting = false
let tries = 0

export interface Surroundings {
  client: Client
  ports: Ports
  base: string
  locale: string
  root: ShadowRoot
  draw(): void
}

export function begin(given: Surroundings): void {
  ;({ client, ports, base, locale, root, draw } = given)
  client.on(follow)
  boot()
}

export function paint(): void {
  if (painting || !config) return
  painting = true
  void Promise.resolve().then(() => {
    painting = false
    draw()
  })
}

export function set(patch: Partial<typeof ui>): void {
  Object.assign(ui, patch)
  paint()
}

export function emit(name: string, detail?: unknown): void {
  dispatchEvent(new CustomEvent(`yizhan:${name}`, { detail }))
}

function boot(): void {
  Promise.all([client.loadConfig(), loadLook(base, locale, root)]).then(
    ([loaded]) => {
      config = loaded
      set(ui.open && isAway() ? { panel: 'leave' } : {})
      emit('ready', { online: config.online })
    },
    (error: unknown) => {
      emit('error', { code: 'config', detail: String(error) })
      // Refused for good: wrong key, or this site is not on the inbox's list.
      if (((error as { status?: number }).status ?? 500) < 500) return
      ports.after(backoff(tries++, ports.random), boot)
    },
  )
}

export function setLocale(next: string): void {
  locale = next
  boot()
}

export function toggle(open: boolean): void {
  if (open === ui.open) return
  if (open) {
    client.start()
    set({ teaser: null, panel: isAway() ? 'leave' : 'chat' })
  }
  set({ open, emoji: false })
  client.attend(open && !document.hidden)
  emit(open ? 'open' : 'close')
}

export function identify(identity: Identity): void {
  client.identify(identity)
}

/** The person at the page changed (log-out): nothing of the last one stays. */
export function reset(): void {
  client.reset()
  set(freshUi())
}

/** In the window a conversation runs, or its first message is on the way. */
export const inService = (): boolean =>
  client.conversation ? client.conversation.phase !== 'ended' : client.waiting('message')

/** Nobody is on duty and nothing runs: leaving a message is what can be done. */
export const isAway = (): boolean => config && !config.online && !inService()

export const surveyDue = (): boolean =>
  !!client.conversation?.survey && ui.rating.done !== client.conversation.id

function follow(happening: Happening): void {
  const { kind } = happening
  if (kind === 'message') {
    const { from, name, text } = happening.message
    if (!ui.open && from !== 'system' && text) ui.teaser = { id: '', name, text }
    emit(kind, happening.message)
  } else if (kind === 'unread') emit('unreadCount', { count: happening.count })
  else if (kind === 'duty') followDuty(happening)
  else if (kind === 'error') emit(kind, happening)
  else if (kind === 'invitation' && !ui.open && !inService()) {
    ui.teaser = { id: happening.id, name: happening.name ?? '', text: happening.text }
  } else if (kind === 'conversation') followConversation(happening.before?.id, happening.before?.phase)
  greet()
  paint()
}

/** The last agent left, or one came. What the visitor is just writing stays before him. */
function followDuty({ online, opens, reply_by, night }: Pick<Config, 'online' | 'opens' | 'reply_by' | 'night'>): void {
  config = { ...config, online, opens, reply_by, night }
  if (ui.panel === 'chat' && isAway() && !root.querySelector('textarea')?.value) ui.panel = 'leave'
}

function followConversation(beforeId?: string, beforePhase?: string): void {
  const next = client.conversation
  if (next?.phase !== 'queued') ui.queuedAt = ui.keepUntil = 0
  else if (!ui.queuedAt) {
    ui.queuedAt = ports.now()
    for (const stage of WAIT_STAGES_MS) ports.after(stage, paint)
  }
  if (next?.id === beforeId && next?.phase === beforePhase) return
  ui.askEnd = false
  if (next && next.phase !== 'ended' && next.id !== beforeId) emit('conversation:started', { id: next.id })
  if (beforeId && beforePhase !== 'ended' && (!next || next.phase === 'ended')) emit('conversation:ended', { id: beforeId })
}

/** Once for each conversation: when nothing runs and the last word is old. It stays where it was said. */
function greet(): void {
  if (ui.greetAfter !== null || client.link !== 'live' || inService()) return
  const last = client.lines.at(-1)
  if (!last || ports.now() - last.at > GREET_AGAIN_MS) ui.greetAfter = client.lines.length
}
