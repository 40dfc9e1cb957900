/** What is owed to customers: one's own, and for supervisors everybody's whose frames come. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { PromiseRow } from '@/client/promises'
import * as promises from '@/client/promises'
import { useNow } from '@/composables/now'
import { useSession } from './session'

const SOON_MS = 10 * 60_000

export const usePromised = defineStore('promised', () => {
  const all = ref(new Map<string, PromiseRow>())
  const session = useSession()
  const now = useNow()
  const owed = computed(() =>
    [...all.value.values()].filter((row) => !row.settled_at).sort((a, b) => a.due.localeCompare(b.due)),
  )
  /** Of the ticket's handler, or of who gave his word where nobody has it. */
  const mine = computed(() => owed.value.filter((row) => (row.agent_id ?? row.made_by) === session.agent?.id))
  const pressing = computed(() => mine.value.filter((row) => Date.parse(row.due) - now.value < SOON_MS).length)
  const byTicket = computed(() => new Map([...owed.value].reverse().map((row) => [row.ticket_id, row])))

  function put(row: PromiseRow): void {
    const known = all.value.get(row.id)
    if (!known || known.version <= row.version) all.value.set(row.id, row)
  }

  async function reload(): Promise<void> {
    const rows = await promises.owed(true)
    all.value = new Map(rows.map((row) => [row.id, row]))
  }

  const ofTicket = (ticket: string) => owed.value.filter((row) => row.ticket_id === ticket)
  return { all, owed, mine, pressing, byTicket, put, reload, ofTicket }
})
