/** The list of customers as far as it was scrolled. What is asked stands in the address, so that it can be sent on. */
import { useDebounceFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { CustomerQuery, CustomerRow, Sort } from '@/client/customers'
import * as customers from '@/client/customers'
import { sentenceOf } from '@/composables/problems'
import { useFollowing } from './following'

export interface Filters {
  sort: Sort
  tag: string
  segment: string
  level: string
  open: boolean
}

const PAGE = 60
const SOON_MS = 220
/** A page may be empty and yet not be the last: so many in a row are asked for by themselves. */
const PATIENCE = 6

export function useList() {
  const route = useRoute()
  const router = useRouter()
  const word = (key: string) => (typeof route.query[key] === 'string' ? String(route.query[key]) : '')
  const query = ref(word('q'))
  const filters = ref<Filters>(asked())
  const rows = ref<CustomerRow[]>([])
  const after = ref<string | null>(null)
  const loading = ref(false)
  const problem = ref('') // why nothing more was read
  const filtered = computed(() => Boolean(filters.value.tag || filters.value.segment || filters.value.level || filters.value.open))
  let turn = 0

  function asked(): Filters {
    return { sort: word('sort') === 'new' ? 'new' : 'recent', tag: word('tag'), segment: word('segment'), level: word('level'), open: word('open') === '1' }
  }

  function wanted(): CustomerQuery {
    const { sort, tag, segment, level, open } = filters.value
    const words = query.value.trim()
    return { sort, limit: PAGE, ...(words && { q: words }), ...(tag && { tag }), ...(segment && { segment }), ...(level && { level: Number(level) }), ...(open && { open }) }
  }

  async function load(fresh: boolean): Promise<void> {
    if (!fresh && (loading.value || !after.value)) return
    const mine = fresh ? ++turn : turn
    loading.value = true
    problem.value = ''
    try {
      await readOn(fresh, mine)
    } catch (said) {
      if (mine === turn) fail(sentenceOf(said), fresh)
    }
    if (mine === turn) loading.value = false
  }

  function fail(why: string, fresh: boolean): void {
    problem.value = why
    if (fresh) [rows.value, after.value] = [[], null] // what was asked for before is not the answer
  }

  async function readOn(fresh: boolean, mine: number): Promise<void> {
    let cursor = fresh ? null : after.value
    let found: CustomerRow[] = []
    for (let n = 0; n < PATIENCE; n++) {
      const page = await customers.list({ ...wanted(), ...(cursor && { cursor }) })
      if (mine !== turn) return
      found = page.items
      cursor = page.after
      if (page.items.length || !cursor) break
    }
    const known = new Set(fresh ? [] : rows.value.map((row) => row.id))
    rows.value = [...(fresh ? [] : rows.value), ...found.filter((row) => !known.has(row.id))]
    after.value = cursor
  }

  function keep(): void {
    const { sort, tag, segment, level, open } = filters.value
    const q = query.value.trim()
    void router.replace({ query: { ...(q && { q }), ...(sort === 'new' && { sort }), ...(tag && { tag }), ...(segment && { segment }), ...(level && { level }), ...(open && { open: '1' }) } })
    void load(true)
  }

  const reset = () => void (filters.value = { ...filters.value, tag: '', segment: '', level: '', open: false })
  watch(query, useDebounceFn(keep, SOON_MS))
  watch(filters, keep, { deep: true })
  void load(true)
  const following = useFollowing({ rows, asking: () => `${turn} ${JSON.stringify(wanted())}`, first: () => customers.list(wanted()) })
  return { query, filters, filtered, rows, after, loading, problem, load, reset, following }
}
