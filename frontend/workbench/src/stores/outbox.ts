/** What was written and has not reached the server: held 5 s for second thoughts, kept on this device, sent once. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as desk from '@/client/desk'
import { newKey } from '@/client/http'
import { letGo, type Ordered, takenBack, versions } from '@/composables/drafts'
import { steadyNow } from '@/composables/now'
import type { Given } from '@/client/promises'
import type { Attachment, Message } from '@/client/types'
import * as device from '@/device/device'
import { dropFiles, uploaded } from '@/device/files'
import { alone, hear, tell } from '@/device/tabs'
import { i18n } from '@/i18n'
import { useHeld } from './held'
import { judge } from './outbox.answer'
import { leave } from './outbox.leaving'
import { useThreads } from './thread'

export interface Happened {
  what: 'answered' | 'moved'
  name: string
  at: string
}

export interface Waiting {
  client_id: string
  conversation_id: string
  ticket_id?: string
  text: string
  attachments: Attachment[]
  note: boolean
  mentions: string[]
  then?: 'pending'
  promise?: Given
  quick_reply?: string
  quote?: { id: string; name: string; text: string }
  order?: Ordered
  template?: { key: string; blanks: Record<string, string> }
  /** It is the reply of this macro, which waits with it: all of it is done, or nothing. */
  macro?: { ticket: string; key: string; mark: string; name: string; locale: string; ends: boolean }
  draft?: string // the one on the server that ends with it
  at: number
  due: number // by the clock that nobody sets
  locale: string
  /** What its writer had before him: overtaken by a colleague, it waits for his yes. */
  seen?: desk.Standpoint
  state: 'held' | 'sending' | 'waiting' | 'refused' | 'asked'
  tried?: boolean // it may have arrived, unheard
  error?: string
  happened?: Happened
}

export type Draft = Pick<Waiting, 'conversation_id' | 'ticket_id' | 'text' | 'attachments' | 'note' | 'mentions' | 'then' | 'promise' | 'template' | 'quick_reply' | 'quote' | 'order' | 'macro' | 'seen'>

export const UNDO_MS = 5000
const ANSWER_MS = 20_000
const happening = () => import('./outbox.happened')
const applying = () => import('@/macros/applied')

export const useOutbox = defineStore('outbox', () => {
  const all = ref<Waiting[]>([])
  const stored = new Set<string>() // by now also on this device
  const busy = new Set<string>() // conversations in which one is on its way
  const writing = new Map<string, Promise<unknown>>() // on their way to the disk
  let arrived: (message: Message, waiting: Waiting) => void = () => undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let deaf: () => void = () => undefined

  const find = (id: string) => all.value.find((each) => each.client_id === id)

  /** Changes it here, in the other windows and on the device; there with what ends by it, both or neither. */
  function keep(waiting: Waiting, ...ended: device.Change[]): void {
    const plain = JSON.parse(JSON.stringify(waiting)) as Waiting
    const news = (kept: boolean) => tell({ outbox: { id: waiting.client_id, waiting: plain, left: plain.due - steadyNow(), stored: kept } })
    news(stored.has(waiting.client_id))
    const written = device.write([{ shelf: 'outbox', id: waiting.client_id, value: plain }, ...ended], waiting.at).then(
      (kept) => {
        if (!kept || stored.has(waiting.client_id) || !find(waiting.client_id)) return
        stored.add(waiting.client_id)
        news(true)
      },
      () => undefined, // a full disk: it is sent from memory
    )
    writing.set(waiting.client_id, written)
  }

  function forget(id: string, ...begun: device.Change[]): void {
    all.value = all.value.filter((each) => each.client_id !== id)
    tell({ outbox: { id, waiting: null, left: 0, stored: false } })
    void device.write([{ shelf: 'outbox', id }, ...begun]).catch(() => undefined)
  }

  async function open(then: typeof arrived): Promise<void> {
    arrived = then
    deaf()
    deaf = hear(({ outbox }) => outbox && heard(outbox.id, outbox.waiting as Waiting | null, outbox.left, outbox.stored))
    const found = (await device.readAll<Waiting>('outbox')).map((each) => each.value)
    for (const each of found.sort((a, b) => a.at - b.at)) {
      stored.add(each.client_id)
      if (find(each.client_id)) continue
      all.value.push(each.state === 'refused' || each.state === 'asked' ? each : { ...each, state: 'waiting', due: 0 })
    }
    inOrder()
    plan()
    void happening().catch(() => undefined) // before there is no network to load it by
  }

  const inOrder = () => all.value.sort((a, b) => a.at - b.at)

  function heard(id: string, waiting: Waiting | null, left: number, kept: boolean): void {
    const known = find(id)
    if (!waiting) all.value = all.value.filter((each) => each !== known)
    else if (known) Object.assign(known, heardOf(waiting, left))
    else all.value.push(heardOf(waiting, left))
    if (waiting && kept) stored.add(id)
    inOrder()
    plan()
  }

  /** `written`: in the field, which holds it no more from now on. */
  function add(draft: Draft, holdMs: number, written = false): Waiting {
    const now = steadyNow()
    // Whoever writes the next line has no second thoughts about the last one.
    for (const each of all.value) if (each.conversation_id === draft.conversation_id && each.state === 'held') each.due = now
    const waiting: Waiting = {
      ...draft, client_id: newKey(), at: Math.max(Date.now(), (all.value.at(-1)?.at ?? 0) + 1), due: now + holdMs, state: 'held',
      locale: i18n.global.locale.value,
    }
    const there = written ? versions.get(draft.conversation_id) : undefined
    if (there) waiting.draft = there
    if (!draft.seen) look(waiting)
    all.value.push(waiting)
    keep(waiting, ...(written ? [letGo(draft.conversation_id)] : []))
    plan()
    return find(waiting.client_id) ?? waiting
  }

  /** What stands on the screen as it is sent off. */
  function look(waiting: Waiting): void {
    const seen = waiting.note ? null : (useThreads().holding(waiting.conversation_id)[0]?.standpoint(waiting.conversation_id) ?? null)
    if (seen) waiting.seen = seen
    else delete waiting.seen
  }

  /** Not what is on its way. `back`: to where it was written, as a draft again. */
  function take(id: string, back = false): Waiting | undefined {
    const found = find(id)
    if (!found || found.state === 'sending') return undefined
    forget(id, ...(back ? [takenBack(found)] : []))
    plan()
    return found
  }

  /** He looked at what happened meanwhile, or at the refusal: it goes, unless something happens anew. */
  function again(id: string): void {
    const found = find(id)
    if (!found) return
    Object.assign(found, { state: 'waiting', due: 0, error: undefined, happened: undefined })
    look(found)
    keep(found)
    plan()
  }

  function plan(): void {
    clearTimeout(timer)
    const due = firstOfEach().map((each) => each.due)
    if (due.length) timer = setTimeout(() => void flush(), Math.max(0, Math.ceil(Math.min(...due) - steadyNow())))
  }

  /** Per conversation only the head may go: what is written second arrives second. */
  function firstOfEach(): Waiting[] {
    const heads = new Map<string, Waiting>()
    for (const each of all.value) if (!heads.has(each.conversation_id)) heads.set(each.conversation_id, each)
    return [...heads.values()].filter((each) => !busy.has(each.conversation_id) && (each.state === 'held' || each.state === 'waiting'))
  }

  /** A lane for each conversation: one that hangs keeps no other. */
  async function flush(): Promise<void> {
    const ready = firstOfEach().filter((each) => each.due <= steadyNow())
    if (!ready.length) return plan() // rung a moment early: nothing may wait for ever
    await Promise.all(ready.map((each) => go(each)))
  }

  async function go(waiting: Waiting): Promise<void> {
    const lane = waiting.conversation_id
    busy.add(lane)
    await alone(`outbox.${lane}`, () => send(waiting)).finally(() => busy.delete(lane))
    plan()
  }

  async function send(waiting: Waiting): Promise<void> {
    const id = waiting.client_id
    await writing.get(id) // else a page that dies now has sent what it still shows as a draft
    writing.delete(id)
    if (!find(id) || (stored.has(id) && !(await device.read('outbox', id)))) {
      all.value = all.value.filter((each) => each.client_id !== id) // another window sent it, or took it back
      return
    }
    waiting.state = 'sending'
    try {
      const before = waiting.attachments
      waiting.attachments = await uploaded(before)
      keep(waiting)
      const { message, held } = await leave(waiting, { timeout: ANSWER_MS })
      forget(id)
      if (waiting.macro) void applying().then((then) => then.applied(waiting)).catch(() => undefined)
      dropFiles(before)
      if (message) arrived(message, waiting)
      else if (held) useHeld().put(held)
    } catch (problem) {
      const verdict = judge(problem)
      if (verdict.arrived) {
        forget(id)
        for (const thread of useThreads().holding(waiting.conversation_id)) void thread.reload()
        return
      }
      Object.assign(waiting, verdict.change)
      if (verdict.change.state === 'asked') waiting.happened = await (await happening()).whatHappened(waiting)
      if (waiting.macro && verdict.change.state === 'refused') waiting.error = await applying().then((then) => then.refusalOf(problem), () => waiting.error ?? '')
      keep(waiting)
    }
  }

  /** The page goes away: what is held goes now, unless others go first. The server drops the repetition by its key. */
  function farewell(): void {
    for (const each of firstOfEach().filter((one) => one.state === 'held' && !one.attachments.some((file) => file.local))) {
      void leave(each, { keepalive: true }).catch(() => undefined)
    }
  }

  function hurry(): void {
    for (const each of all.value) if (each.state === 'waiting') each.due = 0
    plan()
  }

  /** Whoever signed out leaves nothing that another could send. */
  function close(): void {
    clearTimeout(timer)
    deaf()
    all.value = []
    stored.clear()
  }

  return { all, open, add, take, again, hurry, farewell, flush, close }
})

/** What another window is sending is sent from here when that window dies: the lock says when. */
const heardOf = (waiting: Waiting, left: number): Waiting =>
  waiting.state === 'sending' ? { ...waiting, state: 'waiting', due: 0 } : { ...waiting, due: steadyNow() + left }
