/** The ticket list: pages of one view. Frames change rows in place; the order waits until nobody points at it. */
import { defineStore } from 'pinia'
import { computed, reactive, ref } from 'vue'
import * as desk from '@/client/desk'
import type { Counts, TicketRow, TicketView } from '@/client/types'
import { createRows } from './rows'
import { useSession } from './session'

export interface TicketFilters {
  view: TicketView
  status: string
  channel: string
  priority: string
  type: string
  due: string
  tag: string
}

const PAGE = 50

export const useTickets = defineStore('tickets', () => {
  const session = useSession()
  const rows = createRows<TicketRow>()
  const order = ref<string[]>([])
  const arrived = ref<string[]>([]) // tickets that belong on top once the list may move
  const next = ref<string | null>(null)
  const loading = ref(false)
  const held = ref(false) // the pointer is over the list
  const filters = reactive<TicketFilters>({ view: 'mine', status: '', channel: '', priority: '', type: '', due: '', tag: '' })
  const counts = ref<Counts>({ mine: 0, unassigned: 0, team: 0, all: 0, pending: 0 })
  const list = computed(() => order.value.map((id) => rows.all.get(id)).filter((row) => row !== undefined))
  const placed = new Map<string, string>() // the last message a ticket had when it got its place
  let asked = 0
  let recounting = 0

  const query = (cursor?: string): desk.TicketQuery => {
    const wanted: desk.TicketQuery = { ...filters, limit: PAGE }
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

  function belongs(row: TicketRow): boolean {
    const { view, status, channel, priority, type, due, tag } = filters
    const teams = session.agent?.teams.map((team) => team.id) ?? []
    const seen: Record<TicketView, boolean> = {
      mine: row.agent_id === session.agent?.id,
      team: row.team_id !== null && teams.includes(row.team_id),
      unassigned: row.agent_id === null && row.status === 'new',
      all: true,
    }
    const wanted: [string, unknown][] = [
      [status, row.status], [channel, row.channel], [priority, row.priority],
      [type, type && row.type.startsWith(`${type}.`) ? type : row.type],
    ]
    const promised = !due || (due === 'any' ? Boolean(row.due) : row.due?.state === due)
    return seen[view] && promised && (!tag || row.tags.includes(tag)) && !row.merged_into && wanted.every(([set, is]) => !set || set === String(is))
  }

  /** Counts follow the frames, at most once in a while: they cost the server more than a row does. */
  function recount(): void {
    if (recounting) return
    recounting = window.setTimeout(() => {
      recounting = 0
      void loadCounts().catch(() => undefined) // the next frame asks again
    }, 1500)
  }

  function take(id: string): void {
    recount()
    const row = rows.all.get(id)
    if (!row) return
    if (!belongs(row)) {
      if (order.value.includes(id)) order.value = order.value.filter((each) => each !== id)
      return
    }
    const known = placed.get(id)
    if (order.value[0] === id || (known && known >= row.last_message_at && order.value.includes(id))) return
    arrived.value = [id, ...arrived.value.filter((each) => each !== id)]
    if (!held.value) settle()
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
    if (!pointing) settle()
  }

  return { rows, list, arrived, next, loading, filters, counts, reload, more, loadCounts, take, settle, gone, hold }
})
