/** Every frame to the store that keeps its rows; after a resync the lists are read again. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ConsultationRow } from '@/client/consultations'
import type { PromiseRow } from '@/client/promises'
import type { Standing } from '@/client/verifying'
import type { ConversationRow, Message, Offer, Presence, TicketRow } from '@/client/types'
import { hearDraft } from '@/composables/drafts'
import { serverNow } from '@/composables/now'
import { say } from '@/composables/toast'
import type { Frame, RowFrame } from '@/live/frames'
import type { Link, LinkState } from '@/live/link'
import { openLink } from '@/live/link'
import { inSlices } from '@/live/slices'
import type { AlertRow } from '@/client/alerts'
import { titleOf } from '@/notices/words'
import { useAlerts } from './alerts'
import { useConferring } from './conferring'
import { useConversations } from './conversations'
import { useCustomers } from './customers'
import { useFiring } from './firing'
import type { NoticeNews } from './notices'
import { useNotices } from './notices'
import { useMonitor } from './monitor'
import { useOffers } from './offers'
import { usePanes } from './panes'
import { usePromised } from './promised'
import { useVerified } from './verified'
import { useReference } from './reference'
import { useSession } from './session'
import { type OpenThread, type Pane, useThreads } from './thread'
import { useTickets } from './tickets'
import { useViews } from './views'
import { useVisitors } from './visitors'

const STALE_MS = 2_000
const TYPED_MS = 5_000
const MOST_WATCHED = 200 // the server takes no more

export const useLive = defineStore('live', () => {
  const state = ref<LinkState>('closed')
  const lost = ref(false) // from the moment the line broke until it stands again
  const lostAt = ref<number | null>(null)
  const link = shallowRef<Link | null>(null)
  const session = useSession()
  const conversations = useConversations()
  const tickets = useTickets()
  const threads = useThreads()
  const panes = usePanes()
  const views = useViews()
  const reference = useReference()
  const offers = useOffers()
  const notices = useNotices()
  const firing = useFiring()
  const visitors = useVisitors()
  const promised = usePromised()
  const verified = useVerified()
  const conferring = useConferring()
  const monitor = useMonitor()
  const alerts = useAlerts()
  const customers = useCustomers()
  let typed = { conversation: '', at: 0 } // said again where the line broke meanwhile
  let looking: ReturnType<typeof setTimeout> | undefined

  /** What was asked for is watched before it is read: nothing falls between the two. */
  const placed = (kind: 'c' | 't', of: Pane[], known: (thread: OpenThread) => string[]) =>
    of.flatMap(({ thread }) => [...new Set([...known(thread), ...(thread.place?.kind === kind ? [thread.place.id] : [])])])

  const watch = () => ({
    tickets: placed('t', panes.shown, (thread) => (thread.ticket ? [thread.ticket.id] : [])), // what is not seen is not looked at
    contacts: [...new Set([...threads.all.flatMap((thread) => thread.contactId ?? []), ...customers.watched, ...customers.listed])].slice(0, MOST_WATCHED),
    conversations: placed('c', threads.panes, (thread) => thread.conversations.map((each) => each.id)),
    queue: true,
    visitors: visitors.watching,
    monitor: monitor.watching,
    customers: customers.listing,
    list: views.byId.get(tickets.filters.saved)?.base ?? tickets.filters.view,
  })

  function start(url: string): void {
    if (link.value) return
    link.value = openLink({ url, watch, onFrame: slices.push, onState: turn })
  }

  function turn(now: LinkState): void {
    if (now === 'waiting' && state.value === 'open') lostAt.value = serverNow()
    if (now === 'waiting') {
      lost.value = true
      slices.drain()
      each((thread) => thread.unseen())
    }
    else if (now === 'open') {
      lost.value = false
      lostAt.value = null
      if (typed.at > Date.now() - TYPED_MS) typing(typed.conversation)
    }
    state.value = now
  }

  function stop(): void {
    clearTimeout(looking)
    looking = undefined
    link.value?.close()
    link.value = null
    slices.drop()
  }

  const rewatch = () => link.value?.send({ t: 'watch', ...watch() })

  function typing(conversation_id: string): void {
    typed = { conversation: conversation_id, at: Date.now() }
    link.value?.send({ t: 'typing', conversation_id })
  }

  async function reload(): Promise<void> {
    await Promise.allSettled([
      conversations.reload(), tickets.refresh(), threads.reload(), offers.reload(), reference.load(), promised.reload(), verified.reload(),
      conferring.reload(),
    ])
  }

  /** More changes than anybody reads: the lists are read again, each desk at its own moment, once for all that came. */
  function lookSoon(): void {
    looking ??= setTimeout(() => {
      looking = undefined
      void Promise.allSettled([conversations.reload(), tickets.refresh()])
    }, STALE_MS * Math.random())
  }

  /** An offer lives for 20 seconds: the heartbeat is the net under its frame. */
  async function lookForOffers(): Promise<void> {
    if (session.presence.state === 'online') await offers.reload().catch(() => undefined)
  }

  const each = (hear: (thread: OpenThread) => unknown) => threads.all.forEach(hear)

  function take(frame: Frame): void {
    if (frame.t === 'put' || frame.t === 'patch') takeRow(frame)
    else if (frame.t === 'gone') takeGone(frame.e, frame.id)
    else if (frame.t === 'resync') void reload()
    else if (frame.t === 'stale') {
      lookSoon()
      customers.moved += 1
    }
    else if (frame.t === 'hello') {
      customers.returned += 1
      void visitors.catchUp()
      void notices.reload().catch(() => undefined)
      void notices.recall().catch(() => undefined)
      if (session.may('supervise')) void firing.reload().catch(() => undefined)
    }
    else if (frame.t === 'pos') void lookForOffers()
    else if (frame.t === 'typing' && frame.who === 'customer') each((thread) => thread.takeTyping(frame.conversation_id, frame.name))
    else if (frame.t === 'typing' && frame.name !== session.agent?.name) each((thread) => thread.takeWriting(frame.conversation_id, frame.name))
    else if (frame.t === 'draft') hearDraft(frame.conversation_id, frame.version)
    else if (frame.t === 'viewing') each((thread) => thread.takeViewing(frame.ticket_id, frame.agents.filter((agent) => agent.id !== session.agent?.id)))
    else if (frame.t === 'alert') alerts.take(frame)
  }

  const slices = inSlices(take)

  function takeRow({ t, e, id, v, row }: RowFrame): void {
    customers.hear(e, id, row)
    if (e === 'conversation') {
      if (t === 'put') conversations.rows.put({ ...(row as unknown as ConversationRow), id, version: v })
      else if (!conversations.rows.all.has(id)) conversations.missed(row)
      else conversations.rows.patch(id, v, row)
      each((thread) => thread.takeConversation(id, v, row))
    } else if (e === 'ticket') {
      if (t === 'put') tickets.rows.put({ ...(row as unknown as TicketRow), id, version: v })
      else tickets.rows.patch(id, v, row)
      tickets.take(id)
      each((thread) => thread.takeTicket(id, v, row as Partial<TicketRow>))
    } else if (e === 'message') {
      if (t === 'put') each((thread) => thread.takeMessage({ ...(row as unknown as Message), id }))
      else each((thread) => thread.patchMessage(id, row))
    } else if (e === 'presence') {
      reference.takePresence(id, row)
      if (id === session.agent?.id) session.takePresence({ ...session.presence, ...(row as Partial<Presence>) })
    } else if (e === 'load') {
      reference.takeLoad(id, row)
      if (id === session.agent?.id) conversations.takeLoad(row)
    } else if (e === 'offer') offers.put({ ...(row as unknown as Offer), id })
    else if (e === 'promise') promised.put({ ...(row as unknown as PromiseRow), id })
    else if (e === 'verification') {
      verified.put(row as unknown as Standing)
      each((thread) => thread.told++)
    } else if (e === 'consultation') conferring.put({ ...(row as unknown as ConsultationRow), id })
    else if (e === 'complaint') each((thread) => (thread.complained = { ticket: String(row['ticket_id']), version: v }))
    else if (e === 'visitor') visitors.take(id, row)
    else if (e === 'notice') takeNotice(row as unknown as NoticeNews)
    else if (e === 'alert') firing.take({ ...(row as unknown as AlertRow), id })
    else if (e === 'reference') void reference.load().catch(() => undefined)
    else if (e === 'metrics') monitor.takeFigures(row)
    else if (e === 'steps') monitor.takeSteps(row)
    else if (e === 'drive') visitors.drive = { ...visitors.drive, ...row }
  }

  /** Mentions are heard by their own tune. */
  function takeNotice(news: NoticeNews): void {
    const given = news.notice?.why.startsWith('offer.') ? news.notice.conversation_id : null
    if (given) each((thread) => thread.running?.id === given && void thread.reload()) // its note says why
    if (!notices.hear(news) || !news.notice || news.notice.why === 'note.mentioned') return
    if (news.notice.why.startsWith('offer.')) say(titleOf(news.notice), { bad: true }) // who goes on serving looks at no bell
    if (!news.quiet) alerts.take({ t: 'alert', kind: 'notice', conversation_id: news.notice.conversation_id, text: titleOf(news.notice) })
  }

  function takeGone(e: RowFrame['e'], id: string): void {
    if (e === 'conversation') conversations.rows.gone(id)
    else if (e === 'ticket') tickets.gone(id)
    else if (e === 'offer') offers.gone(id)
    else if (e === 'alert') firing.gone(id)
    else if (e === 'visitor') visitors.gone(id)
  }

  return { state, lost, lostAt, link, start, stop, rewatch, typing, reload, take }
})
