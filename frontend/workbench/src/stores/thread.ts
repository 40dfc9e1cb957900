/** A thread: a ticket over all its conversations, or a conversation that has no ticket yet. Each pane of the desk has one. */
import { defineStore } from 'pinia'
import { computed, hasInjectionContext, inject, type InjectionKey, markRaw, reactive, ref, shallowReactive, shallowRef } from 'vue'
import * as desk from '@/client/desk'
import type { ConversationRow, Message, Note, Suggestion, Thread, ThreadConversation, TicketRow } from '@/client/types'
import { same, type Split } from '@/desk/split/set'
import { mergeMessages, writable } from './thread.order'

export interface Place {
  kind: 'c' | 't'
  id: string
}

export function createThread() {
  const place = ref<Place | null>(null)
  const ticket = shallowRef<TicketRow | null>(null)
  const conversations = shallowRef<ThreadConversation[]>([])
  const messages = shallowRef<Message[]>([])
  const notes = shallowRef<Note[]>([])
  const suggestion = shallowRef<Suggestion | null>(null)
  const before = ref<string | null>(null)
  const loading = ref(false)
  const digging = ref(false) // older messages are on their way
  const problem = ref<unknown>(null)
  const typing = ref<{ conversation_id: string; name: string; until: number } | null>(null)
  const writing = ref<{ name: string; until: number } | null>(null) // a colleague, just now
  const viewing = ref<{ id: string; name: string }[]>([])
  const complained = ref<{ ticket: string; version: number } | null>(null)
  const selected = shallowReactive(new Set<string>())
  const selecting = ref(false)
  const finding = ref(0) // how often it was asked for; 0: nothing is looked for
  const told = ref(0) // something of the customer moved that no message says
  const fresh = ref(0) // messages of the customer since this pane was last the one in use
  const reporting = shallowRef<Message | null>(null) // whose 举报 menu is open, whatever the thread redraws
  const chosen = ref<string | null>(null) // the conversation the next reply goes to, when picked by hand
  let asked = 0
  let heard: (() => void)[] = [] // while the thread is read: an answer may be older than what was told meanwhile

  const current = computed(() => conversations.value.find((c) => c.id === currentId.value) ?? null)
  const currentId = computed(() => chosen.value ?? writable(conversations.value, messages.value, place.value))
  const contactId = computed(() => ticket.value?.contact_id ?? conversations.value[0]?.contact_id ?? null)
  /** The live conversation that still runs: what 结束会话 and 转接 act on. */
  const running = computed(() => {
    const open = conversations.value.filter((c) => c.phase !== 'ended' && c.live)
    return open.find((c) => c.id === currentId.value) ?? open.at(-1) ?? null
  })

  async function open(to: Place): Promise<void> {
    const same = place.value?.id === to.id && place.value.kind === to.kind
    place.value = to
    if (!same) clear()
    await reload()
  }

  function clear(): void {
    ticket.value = suggestion.value = before.value = chosen.value = typing.value = problem.value = null
    conversations.value = []
    messages.value = []
    notes.value = []
    viewing.value = []
    writing.value = null
    selecting.value = false
    finding.value = 0
    reporting.value = null
    fresh.value = 0
    selected.clear()
  }

  async function reload(): Promise<void> {
    const to = place.value
    if (!to) return
    const mine = ++asked
    if (!loading.value) heard = []
    loading.value = true
    try {
      const said = await (to.kind === 't' ? desk.ticketThread(to.id) : desk.conversationThread(to.id))
      if (mine !== asked) return
      loading.value = false
      fill(said)
    } catch (said) {
      if (mine === asked) problem.value = said
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  function fill(said: Thread): void {
    const first = messages.value.length === 0
    ticket.value = said.ticket
    conversations.value = said.conversations.map((each) => ({ ...each.conversation, capability: each.capability }))
    notes.value = said.notes
    suggestion.value = said.suggestion
    problem.value = null
    messages.value = mergeMessages(messages.value, said.messages)
    if (first) before.value = said.before
    const meanwhile = heard
    heard = []
    for (const take of meanwhile) take()
  }

  const heeding = <Said extends unknown[]>(take: (...said: Said) => void) => (...said: Said): void => {
    if (loading.value) heard.push(() => take(...said))
    take(...said)
  }

  /** What lies before the first message shown; asked for once at a time, and again after a failure. */
  async function loadOlder(): Promise<void> {
    const [cursor, to] = [before.value, place.value]
    if (!cursor || !to || digging.value) return
    digging.value = true
    try {
      const work = ticket.value ? desk.older(ticket.value.id, cursor) : desk.olderOf(to.id, cursor)
      const page = await work
      if (place.value?.id !== to.id) return
      messages.value = mergeMessages(messages.value, page.messages)
      before.value = page.before
    } finally {
      digging.value = false
    }
  }

  /** What a reply written now answers to; null for what is not on the screen. */
  function standpoint(conversation: string): desk.Standpoint | null {
    const here = conversations.value.find((each) => each.id === conversation)
    return here ? { message_id: messages.value.map((each) => each.id).sort().at(-1) ?? null, agent_id: here.agent_id ?? null } : null
  }

  const holds = (conversation: string) => conversations.value.some((c) => c.id === conversation)

  function takeMessage(message: Message): void {
    const mine = holds(message.conversation_id) || (ticket.value !== null && message.ticket_id === ticket.value.id)
    if (!mine) return
    messages.value = mergeMessages(messages.value, [message])
    if (message.direction === 'in' && typing.value?.conversation_id === message.conversation_id) typing.value = null
    const counted = conversations.value.some((c) => c.id === message.conversation_id && c.capability.quota)
    if (counted || !holds(message.conversation_id)) void reload()
  }

  function patchMessage(id: string, change: Partial<Message>): void {
    messages.value = messages.value.map((each) => (each.id === id ? { ...each, ...change } : each))
  }

  function takeConversation(id: string, version: number, row: Partial<ConversationRow>): void {
    const known = conversations.value.find((c) => c.id === id)
    if (!known) {
      if (ticket.value !== null && row.ticket_id === ticket.value.id) void reload()
      return
    }
    if (known.version > version) return
    const moved = (row.ticket_id !== undefined && row.ticket_id !== known.ticket_id) || known.phase !== (row.phase ?? known.phase)
    conversations.value = conversations.value.map((c) => (c.id === id ? { ...c, ...row, version } : c))
    if (moved) void reload()
  }

  function takeTicket(id: string, version: number, row: Partial<TicketRow>): void {
    if (ticket.value?.id !== id || ticket.value.version > version) return
    const moved = row.status !== undefined && row.status !== ticket.value.status
    ticket.value = { ...ticket.value, ...row, version }
    if (moved) void reload() // the note of the move comes with it
  }

  function takeTyping(conversation_id: string, name: string): void {
    if (holds(conversation_id)) typing.value = { conversation_id, name, until: Date.now() + 6000 }
  }

  function takeWriting(conversation_id: string, name: string): void {
    if (holds(conversation_id)) writing.value = { name, until: Date.now() + 6000 }
  }

  function takeViewing(ticket_id: string, agents: { id: string; name: string }[]): void {
    if (ticket.value?.id === ticket_id) viewing.value = agents
  }

  /** Who looks and who types is known while the line stands. */
  function unseen(): void {
    viewing.value = []
    typing.value = writing.value = null
  }

  function close(): void {
    place.value = null
    asked++
    clear()
  }

  return reactive({
    place, ticket, conversations, messages, notes, suggestion, before, loading, digging, problem, typing, writing, takeWriting, viewing, complained, told, selected,
    selecting, finding, reporting, fresh, chosen, current, currentId, contactId, running, open, reload, loadOlder, standpoint, holds, unseen, takeTyping, takeViewing, close,
    takeMessage: heeding(takeMessage), patchMessage: heeding(patchMessage), takeConversation: heeding(takeConversation), takeTicket: heeding(takeTicket),
  })
}

export type OpenThread = ReturnType<typeof createThread>

export interface Pane {
  id: number
  thread: OpenThread
}

/** The panes of the desk: one, or several side by side. One of them is in use: keys, palette and customer follow it. */
export const useThreads = defineStore('threads', () => {
  let made = 0
  const create = (): Pane => ({ id: ++made, thread: createThread() })
  const panes = shallowRef<Pane[]>([create()])
  const at = ref(made)
  const split = computed<Split>(() => {
    const shown = panes.value.filter((pane) => pane.thread.place)
    return { places: shown.map((pane) => ({ ...(pane.thread.place as Place) })), at: Math.max(0, shown.indexOf(used.value)) }
  })
  const used = computed(() => panes.value.find((pane) => pane.id === at.value) ?? (panes.value[0] as Pane))
  const all = computed(() => panes.value.map((pane) => pane.thread))
  /** Those that show this conversation. */
  const holding = (conversation: string) => all.value.filter((thread) => thread.holds(conversation))
  const reload = () => Promise.all(all.value.map((thread) => thread.reload()))
  const now = () => used.value.thread
  /** The thread in use, whichever that is by then. */
  const inUse = markRaw(new Proxy({} as OpenThread, {
    get: (own, key) => Reflect.get(key in own ? own : now(), key) as unknown,
    set: (_, key, value) => Reflect.set(now(), key, value),
  }))

  const showing = ({ kind, id }: Place) => all.value.findIndex((thread) => (kind === 't' ? thread.ticket?.id === id : thread.place?.kind === 't' && thread.holds(id)))

  /** What is shown stays where it is; the thread in use is opened anew for what comes in its place; the rest is let go. */
  function arrange(next: Split): void {
    const kept = next.places.map((place) => panes.value.find((pane) => pane.thread.place && same(pane.thread.place, place)))
    const spare = panes.value.filter((pane) => !kept.includes(pane))
    const now = (next.places.length ? kept : [undefined]).map((pane) => pane ?? spare.shift() ?? create())
    for (const pane of spare) pane.thread.close()
    if (now.length !== panes.value.length || now.some((pane, index) => pane !== panes.value[index])) panes.value = now
    at.value = now[next.at]?.id ?? 0
    now.forEach((pane, index) => {
      const place = next.places[index]
      if (!place) pane.thread.close()
      else if (!kept[index]) void pane.thread.open(place)
    })
  }

  const use = (pane: Pane) => (at.value = pane.id)
  return { panes, used, all, split, holding, showing, reload, arrange, use, inUse }
})

export const THREAD: InjectionKey<OpenThread> = Symbol('thread')

/** Within a pane its own, everywhere else the one in use. */
export const useThread = (): OpenThread => (hasInjectionContext() ? inject(THREAD, null) : null) ?? useThreads().inUse
