/** 我的会话 and 排队中: both are views of the same rows, so a row can never be in two lists. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as desk from '@/client/desk'
import { Problem } from '@/client/http'
import type { ConversationRow } from '@/client/types'
import { createRows } from './rows'
import { useSession } from './session'

/** Others' customers are not kept on this device: without a network nobody queues here. */
function unlessAway(problem: unknown): ConversationRow[] {
  if (problem instanceof Problem && problem.offline) return []
  throw problem
}

const text = (value: string | null | undefined) => value ?? ''

export const useConversations = defineStore('conversations', () => {
  const session = useSession()
  const rows = createRows<ConversationRow>()
  const load = ref({ live: 0, live_cap: 0, async: 0, async_cap: 0 })
  const loaded = ref(false)

  const isMine = (row: ConversationRow) =>
    row.live && row.phase === 'served' && row.agent_id === session.agent?.id

  /** In the order they came: a list that jumps under the pointer makes people answer the wrong customer. */
  const mine = computed(() =>
    [...rows.all.values()]
      .filter(isMine)
      .sort((a, b) => text(a.assigned_at).localeCompare(text(b.assigned_at)) || a.id.localeCompare(b.id)),
  )
  const queue = computed(() =>
    [...rows.all.values()]
      .filter((row) => row.live && row.phase === 'queued')
      .sort((a, b) => a.seniority.localeCompare(b.seniority) || a.id.localeCompare(b.id)),
  )
  const unread = computed(() => mine.value.reduce((sum, row) => sum + row.unread, 0))

  async function reload(): Promise<void> {
    const mark = rows.mark()
    const [own, waiting] = await Promise.all([desk.mine(), desk.queue().catch(unlessAway)])
    rows.replace([...own.items, ...waiting], mark)
    load.value = own.load
    loaded.value = true
  }

  /**
   * A change of a row that we do not have. Mine and the queue are read one after the other: what moved from one to the
   * other in between was in neither, and the frame that told of it found nothing to change.
   */
  function missed(change: Record<string, unknown>): void {
    if (change['agent_id'] === session.agent?.id || change['phase'] === 'queued') void reload().catch(() => undefined)
  }

  function takeLoad(row: Record<string, unknown>): void {
    load.value = { ...load.value, ...(row as Partial<typeof load.value>) }
  }

  /** Whoever waits longest for an answer of mine. */
  function longestWaiting(except?: string, among: (row: ConversationRow) => boolean = () => true): ConversationRow | undefined {
    const waiting = mine.value.filter((row) => row.waiting_since && row.id !== except && among(row))
    return waiting.sort((a, b) => text(a.waiting_since).localeCompare(text(b.waiting_since)))[0]
  }

  return { rows, mine, queue, unread, load, loaded, reload, missed, takeLoad, longestWaiting }
})
