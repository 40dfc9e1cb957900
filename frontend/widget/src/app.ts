import { backoff, type Client, type Config, type Identity, type Line, type Ports, type Product, type Trail } from 'yizhan-sdk'
import type { WindowPart } from './parts'
import { speak, type Say, type Word } from './words'

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

/** What the window shows beside what the client knows. */
export interface Ui {
  config: Config | null
  open: boolean
  panel: 'chat' | 'leave' | 'callback'
  emoji: boolean
  askEnd: boolean
  teaser: { id: string; name: string; text: string } | null
  invited: { name: string; text: string; after: number } | null
  /** How many lines stood before the greeting; null when it was not given. */
  greetAfter: number | null
  profiled: boolean
  left: string | null
  problem: Word | null
  uploads: Upload[]
  rating: Rating
  queuedAt: number
  keepUntil: number
  product: Product | null
  dark: boolean
  dragging: boolean
  scrolledUp: boolean
}

export interface App {
  ui: Ui
  client: Client
  trail: Trail | null
  ports: Ports
  locale: string
  say: Say
  /** The window, once it was fetched. */
  part: WindowPart | null
  fetchWindow(): void
  set(patch: Partial<Ui>): void
  paint(): void
  emit(name: string, detail?: unknown): void
  boot(): void
  setLocale(locale: string): void
  toggle(open: boolean): void
  identify(identity: Identity): void
  /** The person at the page changed (log-out): nothing of the last one stays. */
  reset(): void
}

/** When a wait gets other words. */
export const WAIT_STAGES_MS = [60_000, 180_000]
const GREET_AGAIN_MS = 30 * 60_000
export const NO_RATING: Rating = { solved: null, stars: 0, tags: [], comment: '', done: '' }

export const freshUi = (): Ui => ({
  config: null, open: false, panel: 'chat', emoji: false, askEnd: false, teaser: null, invited: null, greetAfter: null,
  profiled: false, left: null, problem: null, uploads: [], rating: NO_RATING, queuedAt: 0, keepUntil: 0, product: null,
  dark: false, dragging: false, scrolledUp: false,
})

export interface Surroundings {
  client: Client
  ports: Ports
  locale: string
  paint(app: App): void
  emit: App['emit']
  fetchWindow(): void
}

export function openApp({ client, ports, locale, paint: paintNow, emit, fetchWindow }: Surroundings): App {
  const ui = freshUi()
  let painting = false
  let tries = 0

  const paint = () => {
    if (painting) return
    painting = true
    void Promise.resolve().then(() => {
      painting = false
      paintNow(app)
    })
  }

  const app: App = {
    ui, client, ports, locale, paint, emit, fetchWindow,
    part: null,
    trail: null,
    say: speak(locale),
    set(patch) {
      Object.assign(ui, patch)
      paint()
    },
    boot() {
      client.loadConfig().then(
        (config) => {
          app.set({ config })
        if (ui.open && isAway(app)) app.set({ panel: 'leave' })
          emit('ready', { online: config.online })
        },
        (error: unknown) => {
          emit('error', { code: 'config', detail: String(error) })
          // Refused for good: wrong key, or this site is not on the inbox's list.
          if (error instanceof Error && 'status' in error && Number(error.status) < 500) return
          ports.after(backoff(tries++, ports.random), app.boot)
        },
      )
    },
    setLocale(next) {
      app.locale = next
      app.say = speak(next)
      app.boot()
    },
    toggle(open) {
      if (open === ui.open) return
      if (open) {
        client.start()
        fetchWindow()
        app.set({ teaser: null, panel: isAway(app) ? 'leave' : 'chat' })
      }
      app.set({ open, emoji: false })
      client.attend(open && !document.hidden)
      emit(open ? 'open' : 'close')
    },
    identify(identity) {
      client.identify(identity)
    },
    reset() {
      const { config, dark } = ui
      client.reset()
      app.set({ ...freshUi(), config, dark })
    },
  }

  client.on((happening) => {
    if (happening.kind === 'message') {
      const { from, name, text } = happening.message
      if (!ui.open && from !== 'system' && text) ui.teaser = { id: '', name, text }
      emit('message', happening.message)
    } else if (happening.kind === 'unread') emit('unreadCount', { count: happening.count })
    else if (happening.kind === 'error') emit('error', happening)
    else if (happening.kind === 'invitation' && !ui.open && !inService(app)) {
      ui.teaser = { id: happening.id, name: happening.name ?? '', text: happening.text }
    } else if (happening.kind === 'conversation') followConversation(app, happening.before?.id, happening.before?.phase)
    greet(app)
    paint()
  })
  return app
}

/** In the window a conversation runs, or its first message is on the way. */
export const inService = ({ client }: App): boolean =>
  client.conversation ? client.conversation.phase !== 'ended' : client.waiting('message')

/** Nobody is on duty and nothing runs: leaving a message is what can be done. */
export const isAway = (app: App): boolean => !!app.ui.config && !app.ui.config.online && !inService(app)

export const surveyDue = ({ client, ui }: App): boolean =>
  !!client.conversation?.survey && ui.rating.done !== client.conversation.id

function followConversation(app: App, beforeId?: string, beforePhase?: string): void {
  const { client, ui, emit } = app
  const next = client.conversation
  if (next?.phase !== 'queued') ui.queuedAt = ui.keepUntil = 0
  else if (!ui.queuedAt) {
    ui.queuedAt = app.ports.now()
    for (const stage of WAIT_STAGES_MS) app.ports.after(stage, app.paint)
  }
  if (next?.id === beforeId && next?.phase === beforePhase) return
  ui.askEnd = false
  if (next && next.phase !== 'ended' && next.id !== beforeId) emit('conversation:started', { id: next.id })
  if (beforeId && beforePhase !== 'ended' && (!next || next.phase === 'ended')) emit('conversation:ended', { id: beforeId })
}

/** Once for each conversation: when nothing runs and the last word is old. It stays where it was said. */
function greet(app: App): void {
  const { ui, client, ports } = app
  if (ui.greetAfter !== null || client.link !== 'live' || inService(app)) return
  const last: Line | undefined = client.lines.at(-1)
  if (!last || ports.now() - last.at > GREET_AGAIN_MS) ui.greetAfter = client.lines.length
}
