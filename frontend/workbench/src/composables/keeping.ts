/** Keeps what is one's own readable without a network: as it stands on the screen, and what was not opened yet. */
import { useIntervalFn, watchDebounced } from '@vueuse/core'
import { isOwnWork, keepAnswer } from '@/client/answers'
import * as desk from '@/client/desk'
import * as people from '@/client/people'
import type { Thread } from '@/client/types'
import { useConversations } from '@/stores/conversations'
import { useLive } from '@/stores/live'
import { useSession } from '@/stores/session'
import { type OpenThread, useThreads } from '@/stores/thread'
import { useTickets } from '@/stores/tickets'

const SETTLED = { debounce: 1500, maxWait: 4000 }
const EVERY_MS = 4000 // one at a time: nobody waits for it
const MOST = 40
const LAST_MESSAGES = 60
const pictures = () => import('@/device/pictures')
const CLOSED = new Set(['done', 'cancelled'])

export function useKeeping(): void {
  const live = useLive()
  const session = useSession()
  const threads = useThreads()
  const conversations = useConversations()
  const tickets = useTickets()
  const known = new Map<string, string>()
  const online = () => live.state === 'open'
  const plainly = () => tickets.filters.view === 'mine' && Object.entries(tickets.filters).every(([name, set]) => name === 'view' || !set)

  function keepLists(): void {
    if (!online() || !conversations.loaded) return
    keepAnswer('/conversations/mine', { items: conversations.mine, load: conversations.load })
    if (plainly() && !tickets.loading) keepAnswer('/tickets?view=mine&limit=50', { items: tickets.list.slice(0, 50), next: null })
  }

  function keepThread(thread: OpenThread): void {
    const { place } = thread
    if (!place || !online() || thread.loading || thread.problem || !thread.conversations.length) return
    const said: Omit<Thread, 'merged' | 'pos'> = {
      ticket: thread.ticket,
      conversations: thread.conversations.map(({ capability, ...conversation }) => ({ conversation, capability })),
      messages: thread.messages.slice(-LAST_MESSAGES), before: thread.messages.length > LAST_MESSAGES ? (thread.messages.at(-LAST_MESSAGES)?.id ?? null) : thread.before,
      notes: thread.notes, suggestion: thread.suggestion,
    }
    keepAnswer(`/${place.kind === 't' ? 'tickets' : 'conversations'}/${place.id}`, said)
    if (place.kind === 'c' && thread.ticket) keepAnswer(`/tickets/${thread.ticket.id}`, said)
    void keepSeen(said).catch(() => undefined)
  }

  /** Its pictures with it; none of what is over or a colleague's. */
  async function keepSeen(said: Pick<Thread, 'ticket' | 'conversations' | 'messages'>): Promise<void> {
    const { keepOnly, keepPictures, wantedOf, workOf } = await pictures()
    const over = said.ticket ? CLOSED.has(said.ticket.status) : said.conversations.every((each) => each.conversation.phase === 'ended')
    if (over || !isOwnWork(said)) await keepOnly((of) => of !== workOf(said))
    else await keepPictures(wantedOf(said).reverse())
  }

  /** As the lists say whose work it is: not while they show something else. */
  async function keepOwn(): Promise<void> {
    if (!online() || !conversations.loaded || !plainly() || tickets.loading || !tickets.list.length) return
    const { mine } = conversations
    const own = new Set([...mine.map((row) => row.ticket_id ?? row.id), ...ownOpen().map((row) => row.id)])
    await (await pictures()).keepOnly((of) => own.has(of))
  }

  const ownOpen = () => tickets.list.filter((row) => row.agent_id === session.agent?.id && !CLOSED.has(row.status))

  /** Own work that nobody looked at since it changed, most urgent first. */
  function next(): { id: string; stamp: string; read: () => Promise<Thread>; contact: string } | undefined {
    const chats = conversations.mine.map((row) => ({ id: row.id, stamp: `${row.version}`, read: () => desk.conversationThread(row.id), contact: row.contact_id }))
    const own = ownOpen().slice(0, MOST)
    const rest = own.map((row) => ({ id: row.id, stamp: `${row.version}`, read: () => desk.ticketThread(row.id), contact: row.contact_id }))
    return [...chats, ...rest].find((each) => known.get(each.id) !== each.stamp && threads.all.every((thread) => each.id !== thread.place?.id))
  }

  async function look(): Promise<void> {
    const wanted = online() && !document.hidden ? next() : undefined
    if (!wanted) return
    known.set(wanted.id, wanted.stamp)
    await keepSeen(await wanted.read())
    await people.customer(wanted.contact)
  }

  watchDebounced(() => [conversations.mine, conversations.load, tickets.list], () => {
    keepLists()
    void keepOwn().catch(() => undefined)
  }, SETTLED)
  watchDebounced(() => threads.all.flatMap((thread) => [thread.messages, thread.notes, thread.ticket, thread.conversations]), () => threads.all.forEach(keepThread), SETTLED)
  useIntervalFn(() => void look().catch(() => undefined), EVERY_MS)
}
