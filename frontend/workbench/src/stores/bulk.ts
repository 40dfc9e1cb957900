/** Which tickets are chosen in the list, and the change of many that runs. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { BulkJob, Change } from '@/client/bulk'
import * as bulk from '@/client/bulk'

const LOOK_MS = 700

export const useBulk = defineStore('bulk', () => {
  const choosing = ref(false)
  const chosen = ref(new Set<string>())
  const job = ref<BulkJob | null>(null)
  const running = computed(() => job.value?.state === 'running')
  let looking = 0

  function flip(id: string): void {
    const next = new Set(chosen.value)
    if (!next.delete(id)) next.add(id)
    chosen.value = next
  }

  const choose = (ids: string[]) => (chosen.value = new Set(ids))

  function leave(): void {
    choosing.value = false
    chosen.value = new Set()
    if (!running.value) job.value = null
  }

  async function start(change: Change, text: string): Promise<void> {
    follow(await bulk.start([...chosen.value], change, text))
  }

  async function undo(): Promise<void> {
    if (job.value) follow(await bulk.undo(job.value.id))
  }

  function follow(begun: BulkJob): void {
    job.value = begun
    window.clearTimeout(looking)
    looking = window.setTimeout(() => void look(begun.id), LOOK_MS)
  }

  async function look(id: string): Promise<void> {
    const told = await bulk.job(id).catch(() => null) // asked again
    if (job.value?.id !== id) return
    if (told) job.value = told
    if (job.value.state === 'running') looking = window.setTimeout(() => void look(id), LOOK_MS)
  }

  return { choosing, chosen, job, running, flip, choose, leave, start, undo }
})
