/** Who is on the pages right now, and the demo's drive. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { OnlineVisitor } from '@/client/customer.types'
import * as people from '@/client/people'
import type { Drive } from '@/client/types'

export const useVisitors = defineStore('visitors', () => {
  const all = ref(new Map<string, OnlineVisitor>())
  const list = computed(() => [...all.value.values()].sort((a, b) => a.since.localeCompare(b.since)))
  const drive = ref<Drive>({ on: false, speed: 1 })
  const watching = ref(false) // whether the list is on the screen

  async function reload(): Promise<void> {
    all.value = new Map((await people.visitors()).map((visitor) => [visitor.visit_id, visitor]))
  }

  function take(id: string, row: Record<string, unknown>): void {
    const known = all.value.get(id)
    const next = new Map(all.value)
    next.set(id, { ...known, ...row, visit_id: id } as OnlineVisitor)
    all.value = next
  }

  function gone(id: string): void {
    const next = new Map(all.value)
    next.delete(id)
    all.value = next
  }

  /** Frames that came while the line was down were missed. */
  async function catchUp(): Promise<void> {
    if (watching.value) await reload().catch(() => undefined) // the page's own turn asks again
  }

  return { all, list, drive, watching, reload, catchUp, take, gone }
})
