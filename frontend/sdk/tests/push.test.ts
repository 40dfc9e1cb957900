import { expect, it } from 'vitest'
import { openClient, openPush } from '../src'
import { settle, surroundings } from './surroundings'

const page = () => ({ url: 'https://shop.example/', title: '商城', referrer: '' })

it('a phone is registered exactly once, also offline, and withdrawn before its visitor is forgotten', async () => {
  const world = surroundings()
  const client = openClient({ base: 'https://host', inbox: 'shop', locale: () => 'zh-CN', ports: world.ports, page })
  const push = openPush(client)
  world.down = true
  const id = push.register('getui', 'cid-1', 'en')
  await settle()
  world.down = false
  await world.pass(5_000)
  world.socket.welcome()
  expect(world.socket.sent).toEqual([{ t: 'push', provider: 'getui', token: 'cid-1', locale: 'en', client_id: id }])
  world.socket.give({ t: 'ack', client_id: id })

  let gone = false
  const leaving = push.withdraw('getui', 'cid-1').then(() => (gone = true))
  await settle()
  expect(gone).toBe(false)
  expect(world.socket.sent.at(-1)).toMatchObject({ t: 'push', token: 'cid-1', withdrawn: true })
  world.socket.give({ t: 'ack', client_id: String(world.socket.sent.at(-1)?.client_id) })
  await leaving
  expect(gone).toBe(true)
})

it('a file sent at once belongs to the visitor who is just being made known', async () => {
  const world = surroundings()
  const client = openClient({ base: 'https://host', inbox: 'shop', locale: () => 'zh-CN', ports: world.ports, page })
  world.answers['/files'] = () => ({ hash: 'h', name: 'a.txt', type: 'text/plain', size: 1, url: '/a' })
  client.start()
  await client.upload(new ArrayBuffer(1), 'a.txt', 'text/plain')
  expect(world.calls.map((call) => call.path)).toEqual(['/session', '/files'])
  expect(world.calls[1]?.headers['Content-Type']).toBe('text/plain')
})
