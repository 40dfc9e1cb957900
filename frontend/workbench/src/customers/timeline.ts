/** One customer's timeline as far as it was scrolled; what is new comes on top. */
import { useDebounceFn } from '@vueuse/core'
import { ref, watch } from 'vue'
import type { Entry } from '@/client/customers'
import * as customers from '@/client/customers'
import { useReading } from '@/composables/reading'
import { useCustomers } from '@/stores/customers'

const PAGE = 60
const SOON_MS = 120
const key = (entry: Entry) => entry.kind + entry.id
const later = (a: Entry, b: Entry) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id)

/** The last moment of a day as his screen has it. */
const endOf = (day: string) => new Date(`${day}T23:59:59.999`).toISOString()

export function useTimeline(contact: () => string, kinds: () => string, day: () => string) {
  const items = ref<Entry[]>([])
  const next = ref<string | null>(null)
  const loading = ref(false)
  const store = useCustomers()
  const { problem, reading } = useReading()
  let turn = 0
  const asked = () => ({ kinds: kinds(), limit: PAGE, ...(day() ? { until: endOf(day()) } : {}) })

  async function restart(): Promise<void> {
    const mine = ++turn
    loading.value = true
    const page = await reading(() => customers.timeline(contact(), asked()))
    if (mine !== turn) return
    items.value = page?.items ?? [] // of somebody else, or of other kinds: not the answer
    next.value = page?.next ?? null
    loading.value = false
  }

  async function more(): Promise<void> {
    if (!next.value || loading.value) return
    const mine = turn
    loading.value = true
    const page = await reading(() => customers.timeline(contact(), { kinds: kinds(), limit: PAGE, cursor: next.value ?? '' }))
    if (mine !== turn) return
    loading.value = false
    if (!page) return
    items.value = [...items.value, ...page.items]
    next.value = page.next
  }

  /** The newest page again: what changed is replaced, and nothing that was scrolled to is lost. */
  const refresh = useDebounceFn(async () => {
    const mine = turn
    const page = await reading(() => customers.timeline(contact(), asked()))
    if (!page || mine !== turn) return
    const fresh = new Map(page.items.map((entry) => [key(entry), entry]))
    const oldest = page.items.at(-1)
    const below = items.value.filter((entry) => !fresh.has(key(entry)) && page.next && oldest && later(oldest, entry) < 0)
    items.value = [...fresh.values(), ...below]
    if (items.value.length === page.items.length) next.value = page.next
  }, SOON_MS, { maxWait: 3 * SOON_MS })

  watch(() => [contact(), kinds(), day()].join(), restart, { immediate: true })
  watch(() => store.news, () => void refresh())
  const retry = () => (items.value.length && next.value ? more() : restart())
  return { items, next, loading, problem, more, refresh, retry }
}
