/** Frames end up in the right rows, and a resync reads the lists again. */
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { useConversations } from '@/stores/conversations'
import { useLive } from '@/stores/live'
import { useSession } from '@/stores/session'
import { useThread } from '@/stores/thread'
import { useTickets } from '@/stores/tickets'
import { answering, conversation, me, message, reachable, ticket } from './samples'

const put = (e: 'conversation' | 'ticket' | 'message', row: { id: string; version?: number }) =>
  ({ t: 'put', e, id: row.id, v: row.version ?? 1, row: row as unknown as Record<string, unknown> }) as const

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().me = me()
  vi.stubGlobal('fetch', answering({}))
})

describe('frames', () => {
  test('a conversation moves from the queue to its agent, and away again', () => {
    const live = useLive()
    const lists = useConversations()
    live.take(put('conversation', conversation('c', { phase: 'queued', agent_id: null })))
    expect([lists.queue.length, lists.mine.length]).toEqual([1, 0])
    live.take({ t: 'patch', e: 'conversation', id: 'c', v: 2, row: { phase: 'served', agent_id: 'me' } })
    expect([lists.queue.length, lists.mine.length]).toEqual([0, 1])
    live.take({ t: 'patch', e: 'conversation', id: 'c', v: 3, row: { agent_id: 'other' } })
    expect([lists.queue.length, lists.mine.length]).toEqual([0, 0])
  })

  test('a chat that was in neither list is read when a frame tells that it is mine', async () => {
    const mine = conversation('c', { version: 3 })
    const lists = { '/conversations/mine': { items: [mine], load: {} }, '/conversations/queue': { items: [] } }
    vi.stubGlobal('fetch', answering(lists))
    const live = useLive()
    live.take({ t: 'patch', e: 'conversation', id: 'other', v: 3, row: { preview: 'not mine' } })
    expect(useConversations().mine).toEqual([])
    live.take({ t: 'patch', e: 'conversation', id: 'c', v: 3, row: { phase: 'served', agent_id: 'me' } })
    await vi.waitFor(() => expect(useConversations().mine.map((row) => row.id)).toEqual(['c']))
  })

  test('my conversations keep the order in which they came', () => {
    const live = useLive()
    live.take(put('conversation', conversation('late', { assigned_at: '2026-11-22T10:05:00Z' })))
    live.take(put('conversation', conversation('early', { assigned_at: '2026-11-22T10:01:00Z' })))
    live.take({ t: 'patch', e: 'conversation', id: 'late', v: 2, row: { last_message_at: '2026-11-22T11:00:00Z', unread: 4 } })
    expect(useConversations().mine.map((row) => row.id)).toEqual(['early', 'late'])
  })

  test('a message reaches the open thread once, whatever way it came', () => {
    const live = useLive()
    const thread = useThread()
    thread.conversations = [reachable('c')]
    thread.takeMessage(message('m', { client_id: 'x' }))
    live.take(put('message', message('m', { client_id: 'x', delivery: 'sent' })))
    expect(thread.messages.map((each) => each.delivery)).toEqual(['sent'])
    live.take(put('message', message('elsewhere', { conversation_id: 'z', ticket_id: 'z' })))
    expect(thread.messages).toHaveLength(1)
  })

  test('a resync reads the lists again', async () => {
    vi.stubGlobal('fetch', answering({
      '/conversations/mine': { items: [conversation('fresh')], load: { live: 1, live_cap: 5, async: 0, async_cap: 30 } },
      '/conversations/queue': { items: [] }, '/tickets': { items: [ticket('t')], next: null }, '/tickets/counts': { mine: 1 },
    }))
    const lists = useConversations()
    lists.rows.put(conversation('stale'))
    useLive().take({ t: 'resync', reason: 'gap' })
    await vi.waitFor(() => expect(lists.mine.map((row) => row.id)).toEqual(['fresh']))
    await vi.waitFor(() => expect(useTickets().list.map((row) => row.id)).toEqual(['t']))
  })
})

describe('a crowd of changes', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('the lists are read again a moment later, once for all that was said', async () => {
    const fetch = vi.fn(answering({
      '/conversations/mine': { items: [conversation('fresh')], load: { live: 1, live_cap: 5, async: 0, async_cap: 30 } },
      '/conversations/queue': { items: [] }, '/tickets': { items: [ticket('t')], next: null }, '/tickets/counts': {},
    }))
    vi.stubGlobal('fetch', fetch)
    const live = useLive()
    for (let n = 0; n < 5; n++) live.take({ t: 'stale', pos: `1:${n}` })
    expect(fetch).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2_000)
    const asked = fetch.mock.calls.map(([what]) => String(what instanceof Request ? what.url : what))
    expect(asked.filter((url) => url.includes('/conversations/mine'))).toHaveLength(1)
    expect(useConversations().mine.map((row) => row.id)).toEqual(['fresh'])
  })
})

describe('the ticket list', () => {
  async function filled() {
    const tickets = useTickets()
    vi.stubGlobal('fetch', answering({ '/tickets': { items: [ticket('a'), ticket('b')], next: null }, '/tickets/counts': {} }))
    await tickets.reload()
    return tickets
  }

  test('does not move under the pointer', async () => {
    const tickets = await filled()
    const live = useLive()
    tickets.hold(true)
    live.take({ t: 'patch', e: 'ticket', id: 'b', v: 2, row: { last_message_at: '2026-11-22T11:00:00Z', preview: '新' } })
    expect(tickets.list.map((row) => row.id)).toEqual(['a', 'b'])
    expect(tickets.list[1]?.preview).toBe('新')
    expect(tickets.arrived).toEqual(['b'])
    tickets.hold(false)
    expect(tickets.list.map((row) => row.id)).toEqual(['b', 'a'])
  })

  test('does not call it news when only counters change', async () => {
    const tickets = await filled()
    useLive().take({ t: 'patch', e: 'ticket', id: 'b', v: 2, row: { unread: 0 } })
    expect(tickets.list.map((row) => row.id)).toEqual(['a', 'b'])
  })

  test('lets go of what no longer belongs to the view', async () => {
    const tickets = await filled()
    useLive().take({ t: 'patch', e: 'ticket', id: 'a', v: 2, row: { agent_id: 'other' } })
    expect(tickets.list.map((row) => row.id)).toEqual(['b'])
  })
})
