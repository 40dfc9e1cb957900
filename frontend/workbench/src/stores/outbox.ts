/** What was written and has not reached the server: held 5 s for second thoughts, kept over reloads, sent once. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as desk from '@/client/desk'
import { newKey, Problem } from '@/client/http'
import type { Given } from '@/client/promises'
import type { Attachment, Message } from '@/client/types'
import { readKept, writeKept } from '@/composables/kept'
import { sentenceOf } from '@/composables/problems'
import { useHeld } from './held'

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
  template?: { key: string; blanks: Record<string, string> }
  at: number
  due: number
  state: 'held' | 'sending' | 'waiting' | 'refused'
  error?: string
}

export type Draft = Pick<Waiting, 'conversation_id' | 'ticket_id' | 'text' | 'attachments' | 'note' | 'mentions' | 'then' | 'promise' | 'template'>

const RETRY_MS = 3000
const KEY = 'outbox'

export const useOutbox = defineStore('outbox', () => {
  const all = ref<Waiting[]>([])
  let arrived: (message: Message, waiting: Waiting) => void = () => undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const keep = () => writeKept(KEY, all.value)
  const find = (id: string) => all.value.find((each) => each.client_id === id)

  function open(then: typeof arrived): void {
    arrived = then
    all.value = readKept<Waiting[]>(KEY, []).map((each) =>
      each.state === 'refused' ? each : { ...each, state: 'waiting' as const, due: 0 },
    )
    plan()
  }

  function add(draft: Draft, holdMs: number): Waiting {
    const now = Date.now()
    // Whoever writes the next line has no second thoughts about the last one.
    for (const each of all.value) if (each.conversation_id === draft.conversation_id && each.state === 'held') each.due = now
    const waiting: Waiting = { ...draft, client_id: newKey(), at: now, due: now + holdMs, state: 'held' }
    all.value.push(waiting)
    keep()
    plan()
    return waiting
  }

  function take(id: string): Waiting | undefined {
    const found = find(id)
    if (!found || found.state === 'sending') return undefined
    all.value = all.value.filter((each) => each !== found)
    keep()
    return found
  }

  function again(id: string): void {
    const found = find(id)
    if (!found) return
    Object.assign(found, { state: 'waiting', due: 0, error: undefined })
    plan()
  }

  function plan(): void {
    clearTimeout(timer)
    const due = firstOfEach().map((each) => each.due)
    if (due.length) timer = setTimeout(() => void flush(), Math.max(0, Math.min(...due) - Date.now()))
  }

  /** Per conversation only the head may go: what is written second arrives second. */
  function firstOfEach(): Waiting[] {
    const heads = new Map<string, Waiting>()
    for (const each of all.value) if (!heads.has(each.conversation_id)) heads.set(each.conversation_id, each)
    return [...heads.values()].filter((each) => each.state === 'held' || each.state === 'waiting')
  }

  async function flush(): Promise<void> {
    const ready = firstOfEach().filter((each) => each.due <= Date.now())
    await Promise.all(ready.map((each) => send(each)))
    plan()
  }

  async function send(waiting: Waiting): Promise<void> {
    waiting.state = 'sending'
    keep()
    try {
      const { message, held } = await desk.say(waiting.conversation_id, bodyOf(waiting))
      all.value = all.value.filter((each) => each.client_id !== waiting.client_id)
      if (message) arrived(message, waiting)
      else if (held) useHeld().put(held)
    } catch (problem) {
      const offline = problem instanceof Problem && problem.offline
      const error = sentenceOf(problem)
      Object.assign(waiting, offline ? { state: 'waiting', due: Date.now() + RETRY_MS } : { state: 'refused', error })
    }
    keep()
  }

  /** The page goes away: nothing held may be lost. The server drops the repetition by its client id. */
  function farewell(): void {
    for (const each of all.value.filter((one) => one.state === 'held')) {
      void desk.say(each.conversation_id, bodyOf(each), { keepalive: true }).catch(() => undefined)
    }
  }

  function hurry(): void {
    for (const each of all.value) if (each.state === 'waiting') each.due = 0
    plan()
  }

  return { all, open, add, take, again, hurry, farewell, flush }
})

function bodyOf(waiting: Waiting): desk.Outgoing {
  const { client_id, text, note, mentions, then, ticket_id, promise, template } = waiting
  const attachments = waiting.attachments.map(({ hash, name }) => ({ hash, name }))
  const body: desk.Outgoing = { client_id, text, note, mentions, attachments }
  if (then) body.then = then
  if (promise) body.promise = promise
  if (template) body.template = template
  if (ticket_id) body.ticket_id = ticket_id
  return body
}
