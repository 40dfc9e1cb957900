/** A laptop that slept for eight hours wakes: what happened is there, what was written asks or waits, nothing is lost. */
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { onSignedOut } from '@/client/http'
import { forgetDrafts, keepDraft, openDrafts, readDraft } from '@/composables/drafts'
import * as device from '@/device/device'
import { i18n, speak } from '@/i18n'
import LinkBar from '@/shell/LinkBar.vue'
import { useLive } from '@/stores/live'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { House, sitDown, Socket } from './catchup.house'
import { pass } from './passing'
import { matchMedia, message } from './samples'

vi.mock('vue-router', () => ({ useRoute: () => ({ name: 'desk' }), useRouter: () => ({ push: vi.fn() }) }))
const NIGHT_MS = 8 * 3_600_000
const words = (text: string) => ({ conversation_id: 'c0', ticket_id: 't0', text, attachments: [], note: false, mentions: [] })
let house = new House()
let scope = effectScope()
let [up, signedIn] = [true, true]
let posted: string[] = []

/** As the house answers; to a reply that a colleague overtook, that. */
async function serve(url: string, init?: RequestInit): Promise<Response> {
  if (!up) throw new TypeError('no network')
  if (!signedIn) return new Response(JSON.stringify({ code: 'session_expired' }), { status: 401 })
  if (init?.method !== 'POST') return await house.fetch(url)
  posted.push(url.replace('/api/v1', ''))
  return new Response(JSON.stringify({ code: 'answered_meanwhile' }), { status: 409 })
}

async function sit(): Promise<void> {
  scope = await sitDown()
}

/** Nothing of the page runs, only time goes by; the line is dead when it wakes. */
async function sleeps(): Promise<void> {
  up = false
  house.socket!.close()
  useOutbox().add(words('睡前写的'), 0)
  keepDraft('c0', { text: '没写完', note: false, attachments: [] })
  await pass(50)
  vi.setSystemTime(Date.now() + NIGHT_MS)
}

async function wakes(): Promise<void> {
  up = true
  window.dispatchEvent(new Event('online'))
  document.dispatchEvent(new Event('visibilitychange'))
  await pass(4000)
}

beforeAll(() => speak('zh-CN'))
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] })
  house = Socket.house = new House()
  ;[up, signedIn] = [true, true]
  posted = []
  vi.stubGlobal('WebSocket', Socket)
  vi.stubGlobal('fetch', vi.fn(serve))
  vi.stubGlobal('matchMedia', matchMedia)
  await device.wipe()
  forgetDrafts()
})
afterEach(() => {
  useLive().stop()
  useOutbox().close()
  scope.stop()
  useSession().me = null
  vi.useRealTimers()
})

test('it catches up from its position, and the reply of last night asks before it goes', async () => {
  await sit()
  await sleeps()
  const slept = house.pos
  const late = message('m9999', { conversation_id: 'c0', ticket_id: 't0', direction: 'out', author: { kind: 'agent', name: '苏瑾', id: 'su' }, at: new Date(Date.now() - 1000).toISOString() })
  for (let n = 0; n < 20; n++) house.step()
  house.messages.push(late)
  house.told = []
  await wakes()
  expect(useLive().state).toBe('open')
  expect(house.told.find((each) => each.t === 'hello')).toMatchObject({ after: `1:${slept}` })
  expect(house.pos).toBeGreaterThan(slept)
  expect(posted.filter((path) => path.endsWith('/messages'))).toEqual(['/conversations/c0/messages'])
  expect(useOutbox().all.map((each) => [each.text, each.state, each.happened?.name])).toEqual([['睡前写的', 'asked', '苏瑾']])
  expect(readDraft('c0').text).toBe('没写完')
})

test('its sign-in is over: log-in, with the queue and the draft waiting for who wrote them', async () => {
  const left: string[] = []
  onSignedOut((code) => void (left.push(code), useSession().end(code)))
  await sit()
  await sleeps()
  signedIn = false
  await wakes()
  expect([new Set(left), useSession().me]).toEqual([new Set(['session_expired']), null])
  useLive().stop()
  useOutbox().close()
  scope.stop()
  forgetDrafts()
  await pass(50)

  signedIn = true
  up = true
  await useSession().load()
  await openDrafts()
  await useOutbox().open(() => undefined)
  expect([readDraft('c0').text, useOutbox().all.map((each) => [each.text, each.state])]).toEqual(['没写完', [['睡前写的', 'waiting']]])
})

test('a new build that comes meanwhile begins when what waits is on the disk', async () => {
  await sit()
  await sleeps()
  const told: string[] = []
  const onDisk: string[][] = []
  const waiting = { postMessage: (word: string) => void (told.push(word), void device.readAll<{ text: string }>('outbox').then((rows) => onDisk.push(rows.map((each) => each.value.text).sort()))) }
  Object.defineProperty(navigator, 'serviceWorker', { value: new EventTarget(), configurable: true })
  const { refresh, useFresh } = await import('@/worker/version')
  useFresh().value = waiting as unknown as ServiceWorker
  useOutbox().add(words('刚刚写的'), 5000)
  await refresh()
  await pass(10)
  expect([told, onDisk]).toEqual([['go'], [['刚刚写的', '睡前写的']]])
})

test('where the browser keeps nothing, it is said in one line while something could be lost, and the desk works', async () => {
  await sit()
  const bar = mount(LinkBar, { global: { plugins: [i18n] } })
  device.lasting.value = false
  await pass(0)
  expect(bar.find('[data-test=link-unsafe]').exists()).toBe(false)
  keepDraft('c0', { text: '写', note: false, attachments: [] })
  device.lasting.value = false
  useOutbox().add(words('发'), 5000)
  await pass(0)
  device.lasting.value = false
  await bar.vm.$nextTick()
  expect(bar.findAll('[data-test=link-unsafe]')).toHaveLength(1)
  bar.unmount()
  device.lasting.value = true
})
