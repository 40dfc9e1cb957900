/** Keeps the list as it is on the server: rows in sight by their frames, and who belongs on top. */
import { useDebounceFn } from '@vueuse/core'
import type { Ref } from 'vue'
import { onBeforeUnmount, ref, watch } from 'vue'
import type { CustomerRow } from '@/client/customers'
import * as customers from '@/client/customers'
import { useCustomers } from '@/stores/customers'
import { useLive } from '@/stores/live'
import { onTop, refreshed } from './rows'

const SOON_MS = 120
/** A row that comes into sight after so long is read again: nobody told of it meanwhile. */
const OLD_MS = 10_000
const MOST_ASKED = 120

export interface Followed {
  rows: Ref<CustomerRow[]>
  /** What the list asks for now, and its first page. */
  asking: () => string
  first: () => Promise<{ items: CustomerRow[]; after: string | null }>
}

export function useFollowing({ rows, asking, first }: Followed) {
  const store = useCustomers()
  const live = useLive()
  const held = ref(false) // the hand is on the list
  const arrived = ref(0)
  const readAt = new Map<string, number>()
  let sight: CustomerRow[] = []
  let unsettled = false

  async function readAgain(contacts: string[]): Promise<void> {
    const about = rows.value.filter((row) => [row.id, ...row.contacts].some((id) => contacts.includes(id)))
    const asked = [...new Set([...about.flatMap((row) => [row.id, ...row.contacts]), ...contacts])].slice(0, MOST_ASKED)
    const before = asking()
    if (!asked.length) return
    const answer = await customers.some(asked).catch(() => null) // the next frame asks again
    if (!answer || before !== asking()) return
    about.forEach((row) => readAt.set(row.id, Date.now()))
    const next = refreshed(rows.value, new Set(about.map((row) => row.id)), answer, held.value)
    unsettled ||= held.value && (answer.length !== about.length || answer.some((row) => !about.some((each) => each.id === row.id)))
    rows.value = next
  }

  async function look(): Promise<void> {
    const before = asking()
    const page = await first().catch(() => null)
    if (!page || before !== asking()) return
    page.items.forEach((row) => readAt.set(row.id, Date.now()))
    const now = onTop(rows.value, page.items, !page.after, held.value)
    rows.value = now.rows
    arrived.value = now.arrived
  }

  const changed = useDebounceFn(() => {
    const contacts = [...new Set(store.touched)]
    store.touched = []
    void readAgain(contacts)
  }, SOON_MS, { maxWait: 3 * SOON_MS })
  const came = useDebounceFn(look, SOON_MS, { maxWait: 3 * SOON_MS })

  /** Which rows are in sight: their contacts are watched. */
  const see = useDebounceFn((shown: CustomerRow[]) => {
    sight = shown
    const contacts = [...new Set(shown.flatMap((row) => [row.id, ...row.contacts]))]
    if (contacts.join() === store.listed.join()) return
    store.listed = contacts
    live.rewatch()
    const old = shown.filter((row) => Date.now() - (readAt.get(row.id) ?? 0) > OLD_MS && readAt.has(row.id))
    if (old.length) void readAgain(old.map((row) => row.id))
    shown.forEach((row) => readAt.has(row.id) || readAt.set(row.id, Date.now()))
  }, SOON_MS, { maxWait: 3 * SOON_MS })

  store.listing = true
  live.rewatch()
  watch(() => store.touched.length, (n) => void (n && changed()))
  watch(() => store.moved, () => void came())
  watch(() => store.returned, () => {
    void readAgain(sight.map((row) => row.id))
    void look()
  })
  watch(held, (now) => {
    if (now || !(unsettled || arrived.value)) return
    if (unsettled) void readAgain(sight.map((row) => row.id))
    unsettled = false
    void look()
  })
  watch(asking, () => void (arrived.value = 0))
  onBeforeUnmount(() => {
    store.leaveList()
    live.rewatch()
  })
  return { held, arrived, see, look }
}
