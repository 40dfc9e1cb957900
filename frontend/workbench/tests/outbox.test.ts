/** What was written is sent once, in order, and can be taken back for a moment. */
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { keepDraft, readDraft, restoreDraft } from '@/composables/drafts'
import { speak } from '@/i18n'
import { useOutbox } from '@/stores/outbox'

const draft = (text: string, conversation_id = 'c') => ({ conversation_id, text, attachments: [], note: false, mentions: [] })
let sent: { text: string; client_id: string }[] = []
let up = true

beforeAll(() => speak('zh-CN'))
beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  localStorage.clear()
  sent = []
  up = true
  vi.stubGlobal('fetch', async (_: string, init: { body: string }) => {
    if (!up) throw new TypeError('no network')
    const body = JSON.parse(init.body) as { text: string; client_id: string }
    sent.push(body)
    const refused = body.text === 'refused'
    const answer = refused ? { code: 'conflict', detail: 'ended' } : { message: { id: body.client_id } }
    return new Response(JSON.stringify(answer), { status: refused ? 409 : 201 })
  })
})
afterEach(() => void vi.useRealTimers())

describe('outbox', () => {
  test('holds a line for five seconds, and can give it back', async () => {
    const outbox = useOutbox()
    const waiting = outbox.add(draft('one'), 5000)
    await vi.advanceTimersByTimeAsync(4900)
    expect(sent).toEqual([])
    expect(outbox.take(waiting.client_id)?.text).toBe('one')
    await vi.advanceTimersByTimeAsync(5000)
    expect(sent).toEqual([])
  })

  test('the next line sends the one before it at once, in order', async () => {
    const outbox = useOutbox()
    outbox.add(draft('one'), 5000)
    outbox.add(draft('two'), 5000)
    await vi.advanceTimersByTimeAsync(10)
    expect(sent.map((each) => each.text)).toEqual(['one'])
    await vi.advanceTimersByTimeAsync(5000)
    expect(sent.map((each) => each.text)).toEqual(['one', 'two'])
    expect(outbox.all).toEqual([])
  })

  test('waits for the network and sends the same message under the same id', async () => {
    const outbox = useOutbox()
    up = false
    const { client_id } = outbox.add(draft('offline'), 0)
    await vi.advanceTimersByTimeAsync(50)
    expect(outbox.all[0]?.state).toBe('waiting')
    up = true
    outbox.hurry()
    await vi.advanceTimersByTimeAsync(50)
    expect(sent.map((each) => each.client_id)).toEqual([client_id])
  })

  test('survives a reload', async () => {
    useOutbox().add(draft('kept'), 5000)
    setActivePinia(createPinia())
    const arrived: unknown[] = []
    useOutbox().open((message) => void arrived.push(message))
    await vi.advanceTimersByTimeAsync(50)
    expect(sent.map((each) => each.text)).toEqual(['kept'])
    expect(arrived).toHaveLength(1)
  })

  test('a refusal is shown and not tried again by itself', async () => {
    const outbox = useOutbox()
    outbox.add(draft('refused'), 0)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(outbox.all[0]).toMatchObject({ state: 'refused', error: '内容刚刚有变化，请刷新后再试' })
    expect(sent).toHaveLength(1)
  })
})

test('what was taken back stands before what was begun since', () => {
  keepDraft('c', { text: 'begun', note: false, attachments: [] })
  restoreDraft({ ...draft('taken') })
  expect(readDraft('c').text).toBe('taken\nbegun')
  keepDraft('c', { text: ' ', note: false, attachments: [] })
  expect(localStorage.getItem('yizhan.draft.c')).toBeNull()
})
