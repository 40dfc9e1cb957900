/** The ticket list: pages of one view. Frames change rows in place; the order waits until nobody points at it. */
import { defineStore } from 'pinia'
import { computed, reactive, ref } from 'vue'
import * as desk from '@/client/desk'
import type { Counts, TicketRow, TicketView } from '@/client/types'
import { createRows } from './rows'
import type { Verdict } from '@/desk/list/selecting'
import { judge, ONLY_ASKED, treeOf } from '@/desk/list/selecting'
import { useSession } from './session'
import { useViews } from './views'

export interface TicketFilters {
  view: TicketView
  status: string
  channel: string
  priority: string
  type: string
  due: string
  tag: string
  team: string
  waiting_reason: string
  segment: string
  text: string
  saved: string
}

export const CHOSEN = ['status', 'channel', 'priority', 'type', 'due', 'tag', 'team', 'waiting_reason', 'segment', 'text'] as const

export const BASES = ['mine', 'team', 'unassigned', 'all'] as const
const PAGE = 50
const LOOK_MS = 4_000
const REST_MS = 500 // a list that moves fifty times a second is read by nobody

export const useTickets = defineStore('tickets', () => {
  const session = useSession()
  const views = useViews()
  const rows = createRows<TicketRow>()
  const order = ref<string[]>([])
  const arrived = ref<string[]>([]) // tickets that belong on top once the list may move
  const next = ref<string | null>(null)
  const loading = ref(false)
  const held = ref(false) // the pointer is over the list
  const filters = reactive<TicketFilters>({ view: 'mine', status: '', channel: '', priority: '', type: '', due: '', tag: '', team: '', waiting_reason: '', segment: '', text: '', saved: '' })
  /** A base, or a view by its id. */
  function show(what: string): void {
    const based = (BASES as readonly string[]).includes(what)
    Object.assign(filters, { ...Object.fromEntries(CHOSEN.map((name) => [name, ''])), saved: based ? '' : what })
    if (based) filters.view = what as TicketView
  }
  show(views.opens)
  const counts = ref<Counts>({ mine: 0, unassigned: 0, team: 0, all: 0, pending: 0 })
  const list = computed(() => order.value.map((id) => rows.all.get(id)).filter((row) => row !== undefined))
  const placed = new Map<string, string>() // the last message a ticket had when it got its place
  let asked = 0
  let recounting = 0
  const doubtful = new Set<string>()
  const leaving = new Set<string>()
  let looking = 0
  let resting = 0

  const query = (cursor?: string): desk.TicketQuery => {
    const { view, status, channel, priority, type, due, tag, saved } = filters
    const asked = ONLY_ASKED.some((name) => filters[name])
    const wanted: desk.TicketQuery = saved ? { view, saved, limit: PAGE }
      : asked ? { view, when: JSON.stringify(treeOf(filters)), limit: PAGE } : { view, status, channel, priority, type, due, tag, limit: PAGE }
    return cursor ? { ...wanted, cursor } : wanted
  }

  async function reload(): Promise<void> {
    const mine = ++asked
    loading.value = true
    const mark = rows.mark()
    try {
      const page = await desk.tickets(query())
      if (mine !== asked) return
      rows.replace(page.items, mark)
      order.value = page.items.map((row) => row.id)
      place(page.items)
      arrived.value = []
      next.value = page.next
    } finally {
      if (mine === asked) loading.value = false
    }
    await loadCounts()
  }

  /** More happened than came row by row. While somebody points at the list it keeps its order. */
  async function refresh(): Promise<void> {
    if (!held.value || !order.value.length) return reload()
    const mine = asked
    const page = await desk.tickets(query())
    if (mine !== asked) return
    page.items.forEach(rows.put)
    const moved = (row: TicketRow) => !order.value.includes(row.id) || row.last_message_at > (placed.get(row.id) ?? '')
    arrived.value = [...new Set([...page.items.filter(moved).map((row) => row.id), ...arrived.value])]
    await loadCounts()
  }

  async function more(): Promise<void> {
    if (!next.value || loading.value) return
    const mine = asked
    loading.value = true
    try {
      const page = await desk.tickets(query(next.value))
      if (mine !== asked) return
      page.items.forEach(rows.put)
      const known = new Set(order.value)
      order.value = [...order.value, ...page.items.map((row) => row.id).filter((id) => !known.has(id))]
      place(page.items)
      next.value = page.next
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  const place = (some: TicketRow[]) => some.forEach((row) => placed.set(row.id, row.last_message_at))

  async function loadCounts(): Promise<void> {
    counts.value = await desk.counts()
  }

  /** Null: only the server knows, and is asked a little later. */
  function belongs(row: TicketRow): Verdict {
    const saved = views.byId.get(filters.saved)
    const teams = session.agent?.teams.map((team) => team.id) ?? []
    const seen: Record<TicketView, boolean> = {
      mine: row.agent_id === session.agent?.id,
      team: row.team_id !== null && teams.includes(row.team_id),
      unassigned: row.agent_id === null && row.status === 'new',
      all: true,
    }
    if (!seen[saved?.base ?? filters.view] || row.merged_into) return false
    return judge(saved ? saved.when : treeOf(filters), row)
  }

  /** Counts follow the frames, at most once in a while: they cost the server more than a row does. */
  function recount(): void {
    if (recounting) return
    recounting = window.setTimeout(() => {
      recounting = 0
      void loadCounts().catch(() => undefined) // the next frame asks again
    }, 1500)
  }

  /** What only the server knows of the rows that moved: one page, once for all of them. */
  async function look(): Promise<void> {
    const [mine, doubted] = [asked, new Set(doubtful)]
    doubtful.clear()
    const page = await desk.tickets(query())
    if (mine !== asked) return
    page.items.forEach(rows.put)
    const fits = new Set(page.items.map((row) => row.id))
    order.value = order.value.filter((id) => !doubted.has(id) || fits.has(id))
    arrived.value = [...page.items.map((row) => row.id).filter((id) => doubted.has(id)), ...arrived.value.filter((id) => !doubted.has(id))]
    if (!held.value) settle()
  }

  function doubt(id: string): void {
    doubtful.add(id)
    looking ||= window.setTimeout(() => {
      looking = 0
      void look().catch(() => undefined) // the next frame asks again
    }, LOOK_MS)
  }

  function take(id: string): void {
    recount()
    views.recount()
    const row = rows.all.get(id)
    if (!row) return
    const fits = belongs(row)
    if (fits === null) return doubt(id)
    if (!fits) return leave(id)
    leaving.delete(id)
    const known = placed.get(id)
    if ((arrived.value[0] ?? order.value[0]) === id || (known && known >= row.last_message_at && order.value.includes(id))) return
    arrived.value = [id, ...arrived.value.filter((each) => each !== id)]
    if (!held.value) settleSoon()
  }

  /** At once, but then not again for a moment: what arrives meanwhile moves up together. */
  function settleSoon(): void {
    if (resting) return
    settle()
    resting = window.setTimeout(() => {
      resting = 0
      if (arrived.value.length && !held.value) settleSoon()
    }, REST_MS)
  }

  /** Nothing moves up under the pointer: who leaves the view goes when it has gone. */
  function leave(id: string): void {
    if (arrived.value.includes(id)) arrived.value = arrived.value.filter((each) => each !== id)
    if (held.value) leaving.add(id)
    else if (order.value.includes(id)) order.value = order.value.filter((each) => each !== id)
  }

  /** Moves what arrived to the top. */
  function settle(): void {
    if (!arrived.value.length) return
    const moved = new Set(arrived.value)
    order.value = [...arrived.value, ...order.value.filter((id) => !moved.has(id))]
    place([...moved].map((id) => rows.all.get(id)).filter((row) => row !== undefined))
    arrived.value = []
  }

  function gone(id: string): void {
    rows.gone(id)
    order.value = order.value.filter((each) => each !== id)
    arrived.value = arrived.value.filter((each) => each !== id)
  }

  function hold(pointing: boolean): void {
    held.value = pointing
    if (pointing) return
    if (leaving.size) order.value = order.value.filter((id) => !leaving.has(id))
    leaving.clear()
    settle()
  }

  return { rows, list, held, arrived, next, loading, filters, counts, reload, refresh, show, more, loadCounts, take, settle, gone, hold }
})
