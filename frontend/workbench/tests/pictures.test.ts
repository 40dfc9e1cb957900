/** A picture sent without a network is on the disk: it outlives the browser and reaches the customer once. */
import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'

const HASH = 'f'.repeat(64)
let up = false
let uploads = 0
const said: { client_id: string; attachments: { hash: string }[] }[] = []

async function serve(url: string, init: RequestInit): Promise<Response> {
  if (!up) throw new TypeError('no network')
  if (String(url).includes('/files')) {
    uploads++
    return new Response(JSON.stringify({ hash: HASH, name: '截图.png', type: 'image/png', size: 4 }), { status: 201 })
  }
  const body = JSON.parse(String(init.body)) as (typeof said)[number]
  said.push(body)
  return new Response(JSON.stringify({ message: { id: 'm', client_id: body.client_id } }), { status: 201 })
}

/** The workbench as a browser starts it: nothing in memory, what is on the disk. */
async function started() {
  vi.resetModules()
  vi.stubGlobal('fetch', vi.fn(serve))
  const { createPinia, setActivePinia } = await import('pinia')
  setActivePinia(createPinia())
  const device = await import('@/device/device')
  await device.begin('me')
  const { useOutbox } = await import('@/stores/outbox')
  return { device, outbox: useOutbox(), files: await import('@/device/files') }
}

afterEach(() => vi.unstubAllGlobals())

test('pictures queued without a network survive a restart and are sent once', async () => {
  URL.createObjectURL = () => 'blob:picture'
  const first = await started()
  const picture = await first.files.addFile(new File([new Uint8Array([1, 2, 3, 4])], '截图.png', { type: 'image/png' }))
  expect(picture.local).toBe(true)
  const { client_id } = first.outbox.add({ conversation_id: 'c', text: '', attachments: [picture], note: false, mentions: [] }, 0)
  await vi.waitFor(() => expect(first.outbox.all[0]?.state).toBe('waiting'))
  await first.device.settled()
  first.outbox.close() // nothing of that page runs on

  const second = await started()
  up = true
  await second.outbox.open(() => undefined)
  await vi.waitFor(() => expect(second.outbox.all).toEqual([]))
  second.outbox.hurry()
  await second.outbox.flush()
  await vi.waitFor(async () => expect(await second.device.readAll('files')).toEqual([]))
  expect([uploads, said.map((each) => [each.client_id, each.attachments.map((file) => file.hash)])]).toEqual([1, [[client_id, [HASH]]]])

  const third = await started()
  await third.outbox.open(() => undefined)
  expect([third.outbox.all, await third.device.readAll('files'), said.length]).toEqual([[], [], 1])
})
