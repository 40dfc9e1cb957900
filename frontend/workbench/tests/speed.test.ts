/** What keeps the screen quick, counted: what is made at once, and how often a crowd of events moves something. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ref, watch } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import * as forms from '@/client/forms'
import { usePainted } from '@/composables/painted'
import { useForm } from '@/desk/form/form'
import MessageLog from '@/desk/thread/MessageLog.vue'
import MoreMenu from '@/desk/thread/MoreMenu.vue'
import { i18n, speak } from '@/i18n'
import { inSlices } from '@/live/slices'
import { useAlerts } from '@/stores/alerts'
import { useLive } from '@/stores/live'
import { useSession } from '@/stores/session'
import { useThread } from '@/stores/thread'
import { useTickets } from '@/stores/tickets'
import { answering, matchMedia, me, message, reachable, ticket } from './samples'

enableAutoUnmount(afterEach)
const nothing = () => undefined
const router = createRouter({ history: createWebHistory(), routes: [{ path: '/', name: 'desk', component: {} }] })
const plugins = () => ({ global: { plugins: [i18n, router] }, attachTo: document.body })

beforeEach(async () => {
  setActivePinia(createPinia())
  useSession().me = me()
  vi.stubGlobal('fetch', answering({}))
  vi.stubGlobal('matchMedia', matchMedia)
  vi.stubGlobal('ResizeObserver', class { observe = nothing; unobserve = nothing; disconnect = nothing })
  Element.prototype.scrollTo = nothing // jsdom lays nothing out
  await speak('zh-CN')
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('a thread that is opened', () => {
  test('shows its end at once, and the rest when that is painted', async () => {
    const thread = useThread()
    thread.conversations = [reachable('c')]
    thread.messages = Array.from({ length: 60 }, (_, n) => message(`m${String(n).padStart(2, '0')}`, { at: new Date(Date.UTC(2026, 10, 22, 10, n)).toISOString() }))
    const log = mount(MessageLog, plugins())
    const ids = () => log.findAll('article').map((each) => each.attributes('data-id'))
    expect(ids()).toHaveLength(12)
    expect(ids().at(-1)).toBe('m59')
    expect(log.get('[role=log]').attributes('aria-live')).toBe('off')
    await vi.waitFor(() => expect(ids()).toHaveLength(60))
    expect(ids()[0]).toBe('m00')
    await vi.waitFor(() => expect(log.get('[role=log]').attributes('aria-live')).toBeUndefined())
  })

  test('has no menu in the page before one is asked for', async () => {
    const thread = useThread()
    thread.conversations = [reachable('c')]
    thread.ticket = ticket('t')
    const menu = mount(MoreMenu, plugins())
    expect(document.querySelector('[role=menu]')).toBeNull()
    await menu.get('[data-test=more]').trigger('click')
    await vi.waitFor(() => expect(document.querySelector('[role=menu]')).not.toBeNull())
  })

  test('waits with what stands beside it for the frame that shows it', async () => {
    const of = ref('a')
    const told: boolean[] = []
    mount({ setup() {
      const painted = usePainted(() => of.value)
      watch(painted, (now) => told.push(now), { immediate: true, flush: 'sync' })
      return () => null
    } })
    expect(told).toEqual([false])
    await vi.waitFor(() => expect(told).toEqual([false, true]))
    of.value = 'b'
    expect(told).toEqual([false, true, false])
    await vi.waitFor(() => expect(told.at(-1)).toBe(true))
  })
})

describe('a crowd of events', () => {
  test('is taken in slices, in its order, one a frame', () => {
    const frames: (() => void)[] = []
    let [clock, hidden] = [0, false]
    const taken: number[] = []
    const take = (n: number) => {
      taken.push(n)
      clock += 2
    }
    const slices = inSlices(take, { next: (run) => void frames.push(run), now: () => clock, unseen: () => hidden })
    const paint = () => frames.shift()?.()
    for (let n = 0; n < 8; n++) slices.push(n)
    expect([taken.length, frames.length]).toEqual([0, 1])
    paint()
    expect(taken).toEqual([0, 1, 2])
    paint()
    paint()
    expect([taken, frames.length]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], 0])
    hidden = true
    slices.push(8)
    expect([taken.at(-1), frames.length]).toEqual([8, 0])
    hidden = false
    slices.push(9)
    slices.drop()
    paint()
    expect(taken.at(-1)).toBe(8)
  })

  test('moves the list at once, then not again for a moment', () => {
    vi.useFakeTimers()
    const [live, tickets] = [useLive(), useTickets()]
    let moved = 0
    watch(() => tickets.list.map((row) => row.id).join(), () => moved++, { flush: 'sync' })
    for (let n = 1; n <= 20; n++) {
      const row = ticket(`t${n}`, { last_message_at: `2026-11-22T10:00:${String(n).padStart(2, '0')}Z` })
      live.take({ t: 'put', e: 'ticket', id: row.id, v: 1, row: row as unknown as Record<string, unknown> })
    }
    expect([moved, tickets.list.length]).toEqual([1, 1])
    vi.advanceTimersByTime(500)
    expect([moved, tickets.list.length, tickets.list[0]?.id]).toEqual([2, 20, 't20'])
  })

  test('of one kind is heard once', () => {
    vi.useFakeTimers()
    let tones = 0
    const part = () => ({ connect: (to: unknown) => to, start: () => tones++, stop: nothing, frequency: {}, gain: { setValueAtTime: nothing, linearRampToValueAtTime: nothing, exponentialRampToValueAtTime: nothing } })
    vi.stubGlobal('AudioContext', class { state = 'running'; currentTime = 0; createOscillator = part; createGain = part })
    const alerts = useAlerts()
    const ring = (kind: 'mention' | 'notice') => alerts.take({ t: 'alert', kind, conversation_id: null, text: '' })
    for (let n = 0; n < 10; n++) ring('mention')
    expect([tones, alerts.all.length]).toEqual([1, 10])
    ring('notice')
    expect(tones).toBe(3)
    vi.advanceTimersByTime(1_000)
    ring('mention')
    expect(tones).toBe(4)
  })

  test('of one ticket asks for its form once', async () => {
    vi.useFakeTimers()
    const asked = vi.spyOn(forms, 'form').mockResolvedValue({ fields: [], version: 1, type: 'consult' } as never)
    const row = ref(ticket('t'))
    mount({ setup: () => (useForm(() => row.value), () => null) })
    expect(asked).toHaveBeenCalledTimes(1)
    for (let n = 2; n < 12; n++) {
      row.value = { ...row.value, version: n }
      await flushPromises()
    }
    expect(asked).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(400)
    expect(asked).toHaveBeenCalledTimes(2)
  })
})
