/** Somebody's views with their numbers. Numbers follow what happens, seldom: one pass of the server for all of them. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import * as client from '@/client/views'
import type { SavedView } from '@/client/views'
import { readKept, writeKept } from '@/composables/kept'

const PAUSE_MS = 10_000

export const useViews = defineStore('views', () => {
  const all = shallowRef<SavedView[]>([])
  const opens = ref(readKept('views.opens', 'mine'))
  const numbers = shallowRef(new Map<string, number | null>())
  const editing = shallowRef<client.Draft & { id: string } | null>(null)
  const ordering = ref(false)
  const byId = computed(() => new Map(all.value.map((view) => [view.id, view])))
  let waiting = 0

  function take(said: Awaited<ReturnType<typeof client.list>>): void {
    all.value = said.items
    opens.value = said.opens
    writeKept('views.opens', said.opens)
    if (said.items.length) void count()
  }

  const load = async () => take(await client.list())

  async function count(): Promise<void> {
    const said = await client.numbers()
    numbers.value = new Map(said.map((each) => [each.id, each.number]))
  }

  /** Asked after every frame; nothing is counted for whoever looks elsewhere. */
  function recount(): void {
    if (waiting || !all.value.length) return
    waiting = window.setTimeout(() => {
      waiting = 0
      if (document.visibilityState === 'visible') void count().catch(() => undefined) // the next frame asks again
    }, PAUSE_MS)
  }

  async function keep(id: string, draft: client.Draft): Promise<SavedView> {
    const kept = await client.keep(id, draft)
    await load()
    return kept
  }

  const drop = async (id: string) => take(await client.drop(id))
  const arrange = async (ids: string[], first: string) => take(await client.order(ids, first))

  return { all, opens, numbers, editing, ordering, byId, load, recount, keep, drop, arrange }
})
