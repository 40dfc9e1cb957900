/** What this device keeps: for one person at a time, beside newer pages, on a full disk, and whatever its clock says. */
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { anyDraft, keepDraft, openDrafts, readDraft, forgetDrafts } from '@/composables/drafts'
import { onStaleForm } from '@/client/http'
import { serverNow } from '@/composables/now'
import * as device from '@/device/device'
import { speak } from '@/i18n'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { me } from './samples'

const words = (text: string) => ({ conversation_id: 'c', text, attachments: [], note: false, mentions: [] })
const as = (id: string) => ({ ...me(), agent: { ...me().agent, id } })
const asked: { path: string; body: string }[] = []
let signedIn = 'me'
let up = true

async function serve(url: string, init: RequestInit): Promise<Response> {
  if (!up) throw new TypeError('no network')
  if (url.endsWith('/auth/me')) return new Response(JSON.stringify(as(signedIn)))
  asked.push({ path: url, body: String(init.body) })
  if (signedIn !== 'me') return new Response(JSON.stringify({ code: 'csrf' }), { status: 403 })
  return new Response(JSON.stringify({ message: null }), { status: 201 })
}

async function settle(): Promise<void> {
  await vi.dynamicImportSettled()
  for (let turn = 0; turn < 4; turn++) {
    await device.settled()
    await new Promise((then) => setTimeout(then))
  }
}

beforeAll(() => speak('zh-CN'))
beforeEach(async () => {
  vi.stubGlobal('fetch', vi.fn(serve))
  signedIn = 'me'
  up = true
  asked.length = 0
  await device.wipe()
  forgetDrafts()
  setActivePinia(createPinia())
})
afterEach(() => vi.restoreAllMocks())

describe('one person at a time', () => {
  test('what one left unsent when his sign-in ran out waits for him, and nobody else sees or sends it', async () => {
    up = false
    const session = useSession()
    await device.begin('me')
    session.me = as('me')
    useOutbox().add(words('我的话'), 0)
    keepDraft('d', { text: '没写完', note: false, attachments: [] })
    await settle()
    await session.end('not_signed_in')
    useOutbox().close()
    forgetDrafts()
    up = true

    signedIn = 'other'
    await session.load()
    await openDrafts()
    await useOutbox().open(() => undefined)
    await settle()
    expect([useOutbox().all, anyDraft(), asked]).toEqual([[], false, []])
    await session.end('not_signed_in')
    useOutbox().close()

    signedIn = 'me'
    await session.load()
    await openDrafts()
    expect(readDraft('d').text).toBe('没写完')
    await useOutbox().open(() => undefined)
    await vi.waitFor(() => expect(asked.map((each) => JSON.parse(each.body).text)).toEqual(['我的话']))
  })

  test('what the disk has not got yet when the page goes waits in the tab for the next page', async () => {
    useSession().me = as('me')
    await device.begin('me')
    keepDraft('hurried', { text: '刚写', note: false, attachments: [] })
    dispatchEvent(new Event('pagehide'))
    forgetDrafts()
    await settle()
    await openDrafts()
    expect(readDraft('hurried').text).toBe('刚写')
    forgetDrafts()
    await openDrafts()
    expect(sessionStorage.length).toBe(0)
  })

  test('a window of the one before gives way when another signed in here: nothing goes in his name', async () => {
    const session = useSession()
    onStaleForm(() => session.load())
    await session.load()
    signedIn = 'other'
    useOutbox().add(words('我的话'), 0)
    await vi.waitFor(() => expect(session.me).toBeNull())
    await settle()
    expect(asked.filter((each) => each.body.includes('我的话'))).toHaveLength(1) // which was refused
    expect(device.currentOwner()).toBe('')
    signedIn = 'me'
    await device.begin('me')
    expect((await device.readAll<{ text: string }>('outbox')).map((each) => each.value.text)).toEqual(['我的话'])
  })
})

describe('the disk', () => {
  test('of a browser that a newer page has changed is still written to', async () => {
    await device.begin('me')
    await device.write([{ shelf: 'drafts', id: 'a', value: 1 }])
    const newer = await openDB('yizhan', 9, { upgrade: (db) => db.createObjectStore('later') })
    expect(await device.write([{ shelf: 'drafts', id: 'b', value: 2 }])).toBe(true)
    newer.close()
    expect((await device.readAll('drafts')).map((each) => each.id)).toEqual(['a', 'b'])
  })

  test('when it is full gives up what was read for what is written; else it is said that nothing lasts', async () => {
    await device.begin('me')
    await device.write([{ shelf: 'answers', id: '/x', value: 'read' }])
    const put = vi.spyOn(IDBObjectStore.prototype, 'put')
    const full = () => { throw new DOMException('full', 'QuotaExceededError') }
    put.mockImplementationOnce(full)
    expect(await device.write([{ shelf: 'drafts', id: 'c', value: 'written' }])).toBe(true)
    expect([(await device.readAll('answers')).length, (await device.read<string>('drafts', 'c'))?.value, device.lasting.value]).toEqual([0, 'written', true])
    put.mockImplementation(full)
    await expect(device.write([{ shelf: 'drafts', id: 'c', value: 'more' }])).rejects.toThrow('full')
    expect(device.lasting.value).toBe(false)
    put.mockRestore()
    await device.write([{ shelf: 'drafts', id: 'c', value: 'more' }])
    expect(device.lasting.value).toBe(true)
  })
})

describe('a clock that somebody sets', () => {
  afterEach(() => void vi.useRealTimers())

  test('two days back holds nothing longer, and what was read says the time of the server', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-24T10:00:00Z') })
    const outbox = useOutbox()
    outbox.add(words('五秒后'), 5000)
    vi.setSystemTime(Date.parse('2026-11-22T10:00:00Z'))
    await vi.advanceTimersByTimeAsync(5000)
    vi.useRealTimers()
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    await useSession().load() // which says 2026-11-22T10:00:00Z
    expect(Math.abs(serverNow() - Date.parse(me().now))).toBeLessThan(5000)
  })
})
