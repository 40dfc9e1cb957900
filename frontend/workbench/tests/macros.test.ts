/** A macro that answers the customer waits with its reply: until the seconds are over nothing of it has happened. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { forgetDrafts, keepDraft, readDraft } from '@/composables/drafts'
import { useToasts } from '@/composables/toast'
import WaitingBubble from '@/desk/thread/WaitingBubble.vue'
import * as device from '@/device/device'
import { i18n, learn, speak } from '@/i18n'
import MacroSheet from '@/macros/MacroSheet.vue'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { createThread, THREAD } from '@/stores/thread'
import { pass } from './passing'
import { matchMedia, me, message, reachable, ticket } from './samples'

const SOLVED = { key: 'solved', title: '已解决,结束会话', title_en: '', suits: false, mark: 'm1', steps: [{ deed: 'reply', text: '感谢您的联系。' }, { deed: 'end', solved: 'solved', text: '' }] }
let written: { path: string; key: string; body: Record<string, unknown> }[] = []
let answer: [number, unknown] = [200, { ticket: ticket('t'), before: null }]
let up = true

async function serve(url: string, init: { method: string; body: string | null; headers: Record<string, string> }): Promise<Response> {
  const path = url.replace('/api/v1', '').split('?')[0] ?? ''
  if (init.method === 'GET') return new Response(JSON.stringify(path.endsWith('/macros') ? { items: [SOLVED] } : { items: [], load: {} }))
  if (!up) throw new TypeError('no network')
  written.push({ path, key: init.headers['Idempotency-Key'] ?? '', body: JSON.parse(init.body ?? '{}') as Record<string, unknown> })
  return new Response(JSON.stringify(answer[1]), { status: answer[0] })
}

const SheetFrame = { template: '<form @submit.prevent="$emit(\'accept\')"><slot /></form>', emits: ['accept'] }

/** Chosen in the sheet and accepted, in a thread that showed one message of the customer. */
async function accepts(): Promise<void> {
  const thread = createThread()
  thread.ticket = ticket('t')
  thread.conversations = [reachable('c')]
  thread.messages = [message('01')]
  const sheet = mount(MacroSheet, { global: { plugins: [i18n], provide: { [THREAD as symbol]: thread }, stubs: { SheetFrame, MacroSteps: true, RouterLink: true } } })
  await pass(0)
  await sheet.get('form').trigger('submit')
  await flushPromises()
}

enableAutoUnmount(afterEach)
beforeAll(async () => {
  await speak('zh-CN')
  await learn('macros')
})
beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('matchMedia', matchMedia)
  vi.stubGlobal('fetch', serve)
  setActivePinia(createPinia())
  useSession().me = me()
  await device.wipe()
  await device.begin('me')
  forgetDrafts()
  written = []
  answer = [200, { ticket: ticket('t'), before: null }]
  up = true
})
afterEach(() => {
  useOutbox().close()
  vi.useRealTimers()
})

test('undone, its reply is back in the field and none of its steps was asked for', async () => {
  keepDraft('c', { text: '写到一半', note: false, attachments: [] })
  await accepts()
  const [waiting] = useOutbox().all
  const bubble = mount(WaitingBubble, { props: { waiting: waiting! }, global: { plugins: [i18n] } })
  expect(bubble.get('[data-test=waiting-macro]').text()).toContain(SOLVED.title)
  expect(bubble.text()).toContain('感谢您的联系。')
  await pass(4000)
  await bubble.get('[data-test=undo]').trigger('click')
  expect(useToasts().value.at(-1)?.text).toContain('其他步骤也没有执行')
  await pass(60_000)
  expect([written, useOutbox().all, readDraft('c').text]).toEqual([[], [], '感谢您的联系。\n写到一半'])
})

test('not undone, all of it goes as one, once: under one key whatever becomes of the line or the page', async () => {
  await accepts()
  up = false
  await pass(5100)
  expect(useOutbox().all[0]?.state).toBe('waiting')
  await device.settled()
  useOutbox().close()
  setActivePinia(createPinia()) // the page was closed and is open again
  useSession().me = me()
  up = true
  await useOutbox().open(() => undefined)
  await pass(100)
  expect(written.map((each) => each.path)).toEqual(['/tickets/t/macros/solved'])
  expect(written[0]?.body).toMatchObject({ mark: 'm1', conversation_id: 'c', client_id: written[0]?.key, seen: { message_id: '01', agent_id: 'me' } })
  expect(useOutbox().all).toEqual([])
})

test('refused, it says which step could not be done; overtaken by a colleague, it asks first', async () => {
  answer = [409, { code: 'conflict', field: 'steps.end', detail: 'end: in your own words', zh: '结束会话:请自己写小结' }]
  await accepts()
  await pass(5100)
  expect(useOutbox().all[0]).toMatchObject({ state: 'refused' })
  expect(useOutbox().all[0]?.error).toContain('「结束会话」这一步不行')
  useOutbox().take(useOutbox().all[0]!.client_id)
  answer = [409, { code: 'answered_meanwhile', field: 'steps.reply', detail: 'reply: 苏瑾 answered' }]
  await accepts()
  await pass(5100)
  expect(useOutbox().all[0]).toMatchObject({ state: 'asked', macro: { key: 'solved' } })
})
