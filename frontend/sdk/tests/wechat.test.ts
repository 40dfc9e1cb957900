import { expect, it } from 'vitest'
import { openClient, openWeChat } from '../src'
import { SESSION, settle, surroundings } from './surroundings'

const page = () => ({ url: 'https://shop.example/', title: '商城', referrer: '' })

it('signs in with the code of wx.login and goes on as that customer, after a lost line too', async () => {
  const world = surroundings()
  const client = openClient({ base: 'https://host', inbox: 'shop', locale: () => 'zh-CN', ports: world.ports, page })
  const visitor = { id: 'wechat:wx1:o1', name: '微信用户-0001', phone: '' }
  world.answers['/wechat'] = () => ({ ...visitor, token: 'signed' })
  world.answers['/wechat/page'] = () => ({ appId: 'wx2', timestamp: 1, nonceStr: 'n', signature: 's' })

  const handed = { rawData: '{}', signature: 'x', encryptedData: 'e', iv: 'i' }
  expect(await openWeChat(client).signInWithWeChat('code-1', handed)).toEqual(visitor)
  await settle()
  expect(world.calls.map((call) => call.path)).toEqual(['/session', '/wechat', '/session'])
  expect(world.calls[1]).toMatchObject({
    body: { code: 'code-1', raw_data: '{}', signature: 'x', encrypted_data: 'e', iv: 'i' },
    headers: { Authorization: `Bearer ${SESSION.token}` },
  })
  world.socket.welcome()
  world.socket.drop(4401)
  await world.pass(5_000)
  for (const again of world.calls.slice(2)) expect(again.body).toMatchObject({ identity: { id: visitor.id, pass: 'signed' } })
  expect(world.calls).toHaveLength(4)
  expect(await openWeChat(client).pageConfig('https://shop.example/h5')).toMatchObject({ appId: 'wx2' })
})
