/** Alerts that fire now, for those who may see them. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { AlertRow } from '@/client/alerts'
import * as wire from '@/client/alerts'

const RANK = { critical: 0, warning: 1, info: 2 }

export const useFiring = defineStore('firing', () => {
  const rows = ref<AlertRow[]>([])
  const all = computed(() =>
    [...rows.value].sort((a, b) => RANK[a.level] - RANK[b.level] || b.fired_at.localeCompare(a.fired_at)),
  )

  async function reload(): Promise<void> {
    rows.value = (await wire.firing()).items
  }

  function take(row: AlertRow): void {
    const known = rows.value.find((each) => each.id === row.id)
    if (known && known.version > row.version) return
    rows.value = [row, ...rows.value.filter((each) => each.id !== row.id)]
  }

  function gone(id: string): void {
    rows.value = rows.value.filter((row) => row.id !== id)
  }

  async function acknowledge(id: string): Promise<void> {
    for (const row of (await wire.acknowledge(id)).items) take(row)
  }

  return { all, reload, take, gone, acknowledge }
})
