/** The socket is cut while two hundred things happen: back on it, the screen is what a fresh one would be. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { useConversations } from '@/stores/conversations'
import { useLive } from '@/stores/live'
import { useReference } from '@/stores/reference'
import { useSession } from '@/stores/session'
import { useThread } from '@/stores/thread'
import { useTickets } from '@/stores/tickets'
import { House, sitDown, Socket } from './catchup.house'
import { pass } from './passing'
import { matchMedia } from './samples'

const EVENTS = 200
let house = new House()
let scope = effectScope()

async function sit(): Promise<void> {
  scope = await sitDown()
}

const screen = () => ({
  mine: useConversations().mine, queue: useConversations().queue, load: useConversations().load,
  tickets: useTickets().list, counts: useTickets().counts, agents: useReference().house.agents, own: useSession().presence,
  ticket: useThread().ticket, conversations: useThread().conversations, messages: useThread().messages,
})

beforeEach(() => {
  vi.useFakeTimers()
  house = Socket.house = new House()
  vi.stubGlobal('WebSocket', Socket)
  vi.stubGlobal('fetch', house.fetch)
  vi.stubGlobal('matchMedia', matchMedia)
})
afterEach(() => {
  useLive().stop()
  scope.stop()
  useSession().me = null
  vi.useRealTimers()
})

test.each([['by what it missed', false], ['by reading anew, where that is no longer known', true]])('the screen catches up %s', async (_, forgets) => {
  await sit()
  const before = screen()
  house.forgets = forgets
  house.socket!.close()
  for (let n = 0; n < EVENTS; n++) house.step()
  expect(screen().tickets).toEqual(before.tickets)
  house.asked = []
  await pass(1000)
  expect(useLive().state).toBe('open')
  await pass(2000)
  const caught = screen()
  expect(house.asked.filter((path) => ['/conversations/mine', '/tickets', '/tickets/t0'].includes(path))).toHaveLength(forgets ? 3 : 0)
  useLive().stop()
  scope.stop()
  await sit()
  const fresh = screen()
  expect(caught).toEqual(fresh)
  expect([fresh.messages.length > 5, fresh.queue.length > 2, before.tickets.length !== fresh.tickets.length || before.tickets[0]?.id !== fresh.tickets[0]?.id]).toEqual([true, true, true])
})

test.each([['opened', () => useThread().close()], ['read again', () => undefined]])('what is told while a thread is %s is not undone by the older answer', async (_, first) => {
  await sit()
  house.speak()
  first()
  await pass(10)
  let arrive: () => void = () => undefined
  house.slow = new Promise((done) => (arrive = done))
  const opening = useThread().open({ kind: 't', id: 't0' })
  await pass(10)
  house.attach()
  house.speak()
  arrive()
  await opening
  await pass(10)
  expect(useThread().messages.map((each) => each.attachments.length)).toEqual([1, 0])
  expect([useThread().ticket?.version, useThread().conversations[0]?.version]).toEqual([3, 3])
})

test('who looks and who types is known while the line stands; back, the same window says so, and what its hands just did', async () => {
  await sit()
  const su = { id: 'su', name: '苏瑾' }
  house.socket!.hear({ t: 'viewing', ticket_id: 't0', agents: [su] })
  house.socket!.hear({ t: 'typing', conversation_id: 'c0', who: 'agent', name: '苏瑾' })
  await pass(200)
  expect([useThread().viewing, useThread().writing?.name]).toEqual([[su], '苏瑾'])
  useLive().typing('c0')
  house.socket!.hear({ t: 'viewing', ticket_id: 't0', agents: [su] })
  house.socket!.close()
  await pass(200)
  expect([useThread().viewing, useThread().writing]).toEqual([[], null])
  await pass(1000)
  const [first, again] = house.told.filter((each) => each.t === 'hello')
  expect([Boolean(first?.window), again?.window]).toEqual([true, first?.window])
  expect(house.told.at(-1)).toEqual({ t: 'typing', conversation_id: 'c0' })
  await pass(10_000)
  house.told = []
  house.socket!.close()
  await pass(1000)
  expect(house.told.map((each) => each.t)).not.toContain('typing')
})
