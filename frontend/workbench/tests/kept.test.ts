/** Pictures of one's own open work are seen without a network: sealed, within bounds, and no longer than they may be. */
import 'fake-indexeddb/auto'
import { enableAutoUnmount, mount } from '@vue/test-utils'
import { openDB } from 'idb'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { get } from '@/client/http'
import { fileUrl } from '@/client/people'
import type { Attachment } from '@/client/types'
import FileList from '@/desk/thread/FileList.vue'
import * as device from '@/device/device'
import { forgetFiles, showKept } from '@/device/files'
import { fitting, keepOnly, keepPictures, ROOM, wantedOf } from '@/device/pictures'
import { i18n, speak } from '@/i18n'
import { useLive } from '@/stores/live'
import { useSession } from '@/stores/session'
import { me, message, ticket } from './samples'

const picture = (hash: string, size = 4): Attachment => ({ hash, size, name: `${hash}.png`, type: 'image/png', inline: false })
const said = (hashes: string[], of = 't') => ({ ticket: ticket(of), conversations: [], messages: hashes.map((hash, n) => message(`m${n}`, { attachments: [picture(hash)], at: `2026-11-22T10:0${n}:00Z` })) })
const PLAIN = new TextEncoder().encode('这是照片里的身份证')
const fetched: string[] = []
const kept = async () => (await device.readAll('pictures')).map((each) => each.id).filter((id) => id !== 'index').sort()

enableAutoUnmount(afterEach)
beforeAll(() => speak('zh-CN'))
beforeEach(async () => {
  setActivePinia(createPinia())
  URL.createObjectURL = () => 'blob:kept'
  URL.revokeObjectURL = () => undefined
  vi.stubGlobal('fetch', vi.fn((url: string) => {
    fetched.push(url)
    if (url.includes('/tickets/')) return Promise.resolve(new Response(JSON.stringify({ code: 'forbidden' }), { status: 403 }))
    return Promise.resolve(url.includes('gone') ? new Response('', { status: 404 }) : new Response(PLAIN))
  }))
  fetched.length = 0
  forgetFiles()
  await device.wipe()
  await device.begin('me')
})
afterEach(() => vi.unstubAllGlobals())

test('the newest that fit: so many, so much, and none that is too large', () => {
  const entry = (at: number, size: number) => ({ of: 't', at, size })
  const room = { pictures: 2, bytes: 100, largest: 60 }
  expect(Object.keys(fitting({ old: entry(1, 10), large: entry(9, 61), new: entry(3, 50), mid: entry(2, 50) }, room)).sort()).toEqual(['mid', 'new'])
  expect(Object.keys(fitting({ a: entry(3, 60), b: entry(2, 60), c: entry(1, 40) }, room)).sort()).toEqual(['a', 'c'])
  expect([ROOM.pictures, ROOM.bytes >> 20, ROOM.largest >> 20]).toEqual([120, 40, 4])
})

describe('on the device', () => {
  test('lie sealed, fetched once, without what was recalled or is gone', async () => {
    const thread = said(['a', 'b', 'gone'])
    thread.messages.push(message('r', { attachments: [picture('recalled')], recalled_at: '2026-11-22T10:00:00Z' }))
    await keepPictures(wantedOf(thread))
    await keepPictures(wantedOf(thread))
    expect([await kept(), fetched.filter((url) => url.includes('/a?')).length]).toEqual([['a', 'b'], 1])
    expect(fetched.some((url) => url.includes('recalled'))).toBe(false)
    const rows = (await (await openDB('yizhan')).getAll('pictures')) as { iv?: Uint8Array; bytes: Uint8Array }[]
    expect(rows).toHaveLength(3)
    for (const row of rows) {
      expect(row.iv).toBeDefined()
      expect(Buffer.from(row.bytes).includes(Buffer.from(PLAIN))).toBe(false)
    }
  })

  test('go when the work is over, when one may not see it any more, and with the sign-in', async () => {
    await keepPictures([...wantedOf(said(['a'], 't1')), ...wantedOf(said(['b'], '11111111-1111-1111-1111-111111111111')), ...wantedOf(said(['c'], 't3'))])
    await keepOnly((of) => of !== 't1')
    expect(await kept()).toEqual(['b', 'c'])
    await device.write([{ shelf: 'answers', id: '/tickets/11111111-1111-1111-1111-111111111111', value: {} }])
    await expect(get('/tickets/11111111-1111-1111-1111-111111111111')).rejects.toMatchObject({ status: 403 })
    await vi.waitFor(async () => expect(await kept()).toEqual(['c']))
    expect(await device.readAll('answers')).toEqual([])
    await device.close() // his sign-in ran out
    await device.begin('me')
    expect(await kept()).toEqual([])
    await keepPictures(wantedOf(said(['a'])))
    expect(await showKept(picture('a'))).toBe(true)
    useSession().me = me()
    await useSession().end('session_ended')
    expect(fileUrl(picture('a'))).toContain('/api/v1/files/')
    await device.begin('me')
    expect(await kept()).toEqual([])
  })
})

describe('in the thread', () => {
  const shown = (hash: string) => mount(FileList, { props: { files: [picture(hash)], message: message('m') }, global: { plugins: [i18n] } })

  test('out of reach one is shown from here, and of one that is not kept it is said until the line is back', async () => {
    await keepPictures(wantedOf(said(['a'])))
    useLive().state = 'waiting'
    const [here, away] = [shown('a'), shown('b')]
    await here.get('img').trigger('error')
    await away.get('img').trigger('error')
    await vi.waitFor(() => expect(here.get('img').attributes('src')).toBe('blob:kept'))
    await vi.waitFor(() => expect(away.get('[data-test=picture-away]').text()).toContain('b.png 没有保存在本机'))
    useLive().state = 'open'
    await away.vm.$nextTick()
    expect(away.get('img').attributes('src')).toContain('/api/v1/files/b')
    await away.get('img').trigger('error') // reached, and no picture
    await vi.waitFor(() => expect(away.find('img').exists()).toBe(false))
    expect(away.get('[data-test=file]').text()).toBe('b.png')
  })
})
