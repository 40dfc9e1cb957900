/** Words follow their writer to his other devices, and none are written over unless he says so. */
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { forgetDrafts, hearDraft, keepDraft, openDrafts, readDraft, versions as known } from '@/composables/drafts'
import * as device from '@/device/device'
import { carry, choose, useOthers } from '@/drafts/carrying'
import { joined, print } from '@/drafts/comparing'
import { useSession } from '@/stores/session'
import { useThread } from '@/stores/thread'
import { pass } from './passing'
import { matchMedia, me, reachable } from './samples'

const C = 'c'
interface Row { text: string; note: boolean; attachments: never[]; version: string; device: string; at: string }
let there: Row | null = null
let writes: string[] = []
let up = true
let versions = 0

const row = (text: string, device = 'phone', note = false): Row => ({ text, note, attachments: [], version: `v${++versions}`, device, at: '2026-11-22T14:02:00Z' })
const type = (text: string) => keepDraft(C, { text, note: false, attachments: [] })

/** As the server keeps it: in place of what the device had seen, or not at all. */
async function serve(_: string, init: RequestInit): Promise<Response> {
  if (!up) throw new TypeError('no network')
  if (init.method === 'GET') return new Response(JSON.stringify({ draft: there }))
  const body = JSON.parse(String(init.body)) as { text: string; note: boolean; base: string | null; device: string }
  const clash = there && there.version !== body.base
  if (clash) return new Response(JSON.stringify({ code: 'conflict' }), { status: 409 })
  writes.push(body.text)
  there = body.text.trim() ? row(body.text, body.device, body.note) : null
  return new Response(JSON.stringify({ version: there?.version ?? null }))
}

/** The page is opened: again on the same device, or on one that knows nothing. */
async function begin(fresh = true): Promise<void> {
  if (fresh) await device.wipe()
  await device.begin('me')
  setActivePinia(createPinia())
  useSession().me = me()
  forgetDrafts()
  await openDrafts()
  await carry()
}

async function open(): Promise<void> {
  const thread = useThread()
  thread.conversations = [reachable(C)]
  thread.chosen = C
  await pass(500)
}

beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', vi.fn(serve))
  vi.stubGlobal('matchMedia', matchMedia)
  there = null
  writes = []
  up = true
  await begin()
})
afterEach(() => {
  useSession().me = null
  vi.useRealTimers()
})

describe('drafts on the server', () => {
  test('are written when the hand rests or the field is left, and gone when they were sent', async () => {
    await open()
    for (const text of ['请', '请稍', '请稍等']) {
      type(text)
      await pass(900)
    }
    expect(writes).toEqual([])
    await pass(2000)
    expect(writes).toEqual(['请稍等'])
    type('请稍等一下')
    document.dispatchEvent(new FocusEvent('focusout'))
    await pass(0)
    type('')
    await pass(2500)
    expect(writes).toEqual(['请稍等', '请稍等一下', ''])
    expect(there).toBeNull()
  })

  test('of another device are shown beside those written here, until one says which', async () => {
    there = row('手机上的话')
    type('这里的话')
    await open()
    await pass(2500)
    expect([useOthers().get(C)?.text, readDraft(C).text, there.text, writes]).toEqual(['手机上的话', '这里的话', '手机上的话', []])
    choose(C, 'both')
    expect(readDraft(C).text).toBe('手机上的话\n这里的话')
    await pass(2500)
    expect([there.text, useOthers().size]).toEqual(['手机上的话\n这里的话', 0])
  })

  test('that one does not want are written over by what stands here', async () => {
    there = row('手机上的话')
    await open()
    expect(useOthers().get(C)?.device).toBe('phone')
    choose(C, 'mine')
    await pass(2500)
    expect([there, readDraft(C).text]).toEqual([null, ''])
  })

  test('sent on another device take their untouched copy here with them, never what was added to it', async () => {
    type('一样的')
    await open()
    await pass(2500)
    there = null
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(0)
    expect(readDraft(C).text).toBe('')
    type('写好')
    await pass(2500)
    there = null
    type('写好又改了')
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(2500)
    expect([readDraft(C).text, (there as Row | null)?.text]).toEqual(['写好又改了', '写好又改了'])
  })

  test('are followed by a copy that nobody touched, as the server tells it, and shown beside one that somebody did', async () => {
    await open()
    type('请稍')
    await pass(2500)
    there = row('请稍等,我查一下')
    hearDraft(C, there.version)
    await pass(0)
    expect([readDraft(C).text, useOthers().size]).toEqual(['请稍等,我查一下', 0])
    type('请稍等,我查好了')
    there = row('请稍等,我查一下订单')
    hearDraft(C, there.version)
    await pass(0)
    expect([readDraft(C).text, useOthers().get(C)?.text]).toEqual(['请稍等,我查好了', '请稍等,我查一下订单'])
    hearDraft('elsewhere', 'v99')
    await pass(0)
    expect(vi.mocked(fetch).mock.calls.filter(([url]) => String(url).includes('elsewhere'))).toEqual([])
  })

  test('that arrived unheard, one after the other, are this device’s own when the line is back', async () => {
    await open()
    const answers = vi.mocked(fetch).getMockImplementation()!
    vi.mocked(fetch).mockImplementation(async (url, init) => {
      await answers(url, init)
      throw new TypeError('cut')
    })
    type('一')
    await pass(2500)
    type('一二')
    up = false
    await pass(2500)
    up = true
    vi.mocked(fetch).mockImplementation(serve as typeof fetch)
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(2500)
    await pass(2500)
    expect([there?.text, useOthers().size]).toEqual(['一二', 0])
  })

  test('end everywhere with the reply that they became', async () => {
    await open()
    type('请稍等')
    await pass(2500)
    expect(known.get(C)).toBe(there?.version)
    there = null
    hearDraft(C, null)
    await pass(0)
    expect([readDraft(C).text, known.has(C)]).toEqual(['', false])
  })

  test('written without a network go when the page is open again, as this device’s own', async () => {
    type('一')
    await pass(2500)
    up = false
    type('一二')
    await pass(2500)
    await device.settled()
    useSession().me = null
    up = true
    await begin(false)
    await open()
    await pass(2500)
    expect([writes, useOthers().size]).toEqual([['一', '一二'], 0])
  })
})

test('what is for colleagues stays so when it meets what is for the customer', () => {
  const note = { text: '内部', note: true, attachments: [] }
  const reply = { text: '您好', note: false, attachments: [] }
  expect(joined(note, reply)).toMatchObject({ text: '内部\n您好', note: true })
  expect([print(null), print({ ...reply, text: ' ' }), print(note) === print({ ...note, note: false })]).toEqual(['', '', false])
})
