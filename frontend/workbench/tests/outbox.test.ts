/** What was written is sent once, in order, and can be taken back for a moment. */
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { keepDraft, readDraft, restoreDraft } from '@/composables/drafts'
import * as device from '@/device/device'
import { speak } from '@/i18n'
import { useOutbox } from '@/stores/outbox'
import { useThread } from '@/stores/thread'
import { pass } from './passing'
import { message, reachable } from './samples'

interface Said {
  text: string
  client_id: string
  seen?: { message_id: string }
}

const draft = (text: string, conversation_id = 'c') => ({ conversation_id, text, attachments: [], note: false, mentions: [] })
let sent: Said[] = []
let up = true
let answer: (text: string) => [number, unknown] | null = () => null

beforeAll(() => speak('zh-CN'))
beforeEach(async () => {
  vi.useFakeTimers()
  await device.wipe()
  await device.begin('me')
  setActivePinia(createPinia())
  localStorage.clear()
  sent = []
  up = true
  answer = () => null
  vi.stubGlobal('fetch', async (_: string, init: { body: string | null }) => {
    if (!up) throw new TypeError('no network')
    const body = JSON.parse(init.body ?? '{}') as Said
    sent.push(body)
    const [status, said] = answer(body.text) ?? [201, { message: { id: body.client_id } }]
    return new Response(JSON.stringify(said), { status })
  })
})
afterEach(() => void vi.useRealTimers())

describe('outbox', () => {
  test('what is due between two ticks of the timer is sent, and does not wait for ever', async () => {
    const outbox = useOutbox()
    outbox.add(draft('在路上'), 100.4)
    await pass(200)
    expect(sent.map((each) => each.text)).toEqual(['在路上'])
  })

  test('holds a line for five seconds, and can give it back', async () => {
    const outbox = useOutbox()
    const waiting = outbox.add(draft('one'), 5000)
    await pass(4900)
    expect(sent).toEqual([])
    expect(outbox.take(waiting.client_id)?.text).toBe('one')
    await pass(5000)
    expect(sent).toEqual([])
  })

  test('the next line sends the one before it at once, in order', async () => {
    const outbox = useOutbox()
    outbox.add(draft('one'), 5000)
    outbox.add(draft('two'), 5000)
    await pass(10)
    expect(sent.map((each) => each.text)).toEqual(['one'])
    await pass(5000)
    expect(sent.map((each) => each.text)).toEqual(['one', 'two'])
    expect(outbox.all).toEqual([])
  })

  test('waits for the network and sends the same message under the same id', async () => {
    const outbox = useOutbox()
    up = false
    const { client_id } = outbox.add(draft('offline'), 0)
    await pass(50)
    expect(outbox.all[0]?.state).toBe('waiting')
    up = true
    outbox.hurry()
    await pass(50)
    expect(sent.map((each) => each.client_id)).toEqual([client_id])
  })

  test('survives a reload', async () => {
    useOutbox().add(draft('kept'), 5000)
    await device.settled()
    setActivePinia(createPinia())
    const arrived: unknown[] = []
    await useOutbox().open((message) => void arrived.push(message))
    await pass(50)
    expect(sent.map((each) => each.text)).toEqual(['kept'])
    expect(arrived).toHaveLength(1)
  })

  test('a refusal is shown and not tried again by itself', async () => {
    const outbox = useOutbox()
    answer = () => [409, { code: 'conflict', detail: 'ended' }]
    outbox.add(draft('refused'), 0)
    await pass(60_000)
    expect(outbox.all[0]).toMatchObject({ state: 'refused', error: '内容刚刚有变化，请刷新后再试' })
    expect(sent).toHaveLength(1)
  })

  test('overtaken by a colleague it waits for a yes, and keeps those behind it back', async () => {
    const outbox = useOutbox()
    const thread = useThread()
    thread.conversations = [reachable('c')]
    thread.messages = [message('01')]
    const late = message('02', { direction: 'out', author: { kind: 'agent', name: '苏瑾', id: 'su' } })
    answer = (text) => (text === undefined ? [200, { ticket: null, conversations: [], messages: [late], notes: [] }] : [409, { code: 'answered_meanwhile' }])
    outbox.add(draft('one'), 0)
    outbox.add(draft('two'), 0)
    await pass(50)
    expect(outbox.all[0]).toMatchObject({ state: 'asked', happened: { what: 'answered', name: '苏瑾' }, seen: { message_id: '01', agent_id: 'me' } })
    thread.messages = [message('01'), late]
    answer = () => null
    sent = []
    outbox.again(outbox.all[0]!.client_id)
    await pass(50)
    expect(sent.map((each) => [each.text, each.seen?.message_id])).toEqual([['one', '02'], ['two', '01']])
  })
})

test('what was taken back stands before what was begun since', async () => {
  keepDraft('c', { text: 'begun', note: false, attachments: [] })
  restoreDraft({ ...draft('taken') })
  expect(readDraft('c').text).toBe('taken\nbegun')
  keepDraft('c', { text: ' ', note: false, attachments: [] })
  await pass(50)
  expect(await device.readAll('drafts')).toEqual([])
})
