/** 核身 of the conversations that were looked at: read once, and from then on told by the socket. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Standing } from '@/client/verifying'
import * as verifying from '@/client/verifying'
import { useNow } from '@/composables/now'

export const useVerified = defineStore('verified', () => {
  const all = ref(new Map<string, Standing>())
  const now = useNow()
  const underWay = new Map<string, Promise<void>>()

  function put(row: Standing): void {
    const known = all.value.get(row.conversation_id)
    if (!known || known.version <= row.version) all.value.set(row.conversation_id, row)
  }

  /** The head of a thread and the customer beside it ask in the same moment: it is read once. */
  function load(conversation: string): Promise<void> {
    const work = underWay.get(conversation) ?? read(conversation).finally(() => underWay.delete(conversation))
    underWay.set(conversation, work)
    return work
  }

  async function read(conversation: string): Promise<void> {
    const said = await verifying.read(conversation).catch(() => null)
    if (said) all.value.set(conversation, said.standing)
  }

  /** Green until its time is over: nobody tells us when that comes. */
  const green = (row: Standing | undefined) => Boolean(row?.green && (!row.until || row.state !== 'proved' || Date.parse(row.until) > now.value))
  const of = (conversation: string | undefined) => (conversation ? all.value.get(conversation) : undefined)
  const reload = () => Promise.all([...all.value.keys()].slice(-5).map(load))
  return { all, put, load, green, of, reload }
})
