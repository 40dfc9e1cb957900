import { beforeEach, describe, expect, it } from 'vitest'
import { openClient, Refused, type Happening, type WidgetMessage } from '../src'
import { SESSION, settle, surroundings } from './surroundings'

const CONVERSATION = { id: 'c1', phase: 'bot', agent_name: null, queue: null, survey: false } as const

const message = (id: string, text: string, more: Partial<WidgetMessage> = {}): WidgetMessage => ({
  id, conversation_id: 'c1', from: 'agent', name: '林一', kind: 'text', text, attachments: [], at: '2026-03-02T01:30:00Z',
  client_id: null, delivery: 'sent', ...more,
})

let world: ReturnType<typeof surroundings>
let client: ReturnType<typeof openClient>
let heard: Happening[]

function open() {
  const page = () => ({ url: 'https://shop.example/', title: '商城', referrer: '' })
  client = openClient({ base: 'https://host', inbox: 'shop', locale: () => 'zh-CN', ports: world.ports, page })
  heard = []
  client.on((happening) => heard.push(happening))
}

async function live() {
  client.start()
  await settle()
  world.socket.welcome()
}

const texts = () => client.lines.map((line) => `${line.text}${line.state === 'sent' ? '' : `(${line.state})`}`)
const sent = (t: string) => world.sockets.flatMap((socket) => socket.sent).filter((frame) => frame.t === t)

beforeEach(() => {
  world = surroundings()
  open()
})

describe('a message', () => {
  it('is shown at once, acknowledged, and shown once when it comes back', async () => {
    await live()
    const id = client.send('在吗')
    expect(texts()).toEqual(['在吗(sending)'])
    world.socket.give({ t: 'ack', client_id: id, message_id: 'm1' })
    expect(texts()).toEqual(['在吗'])
    world.socket.give({ t: 'message', pos: '1:1', message: message('m1', '在吗', { from: 'customer', client_id: id }) })
    expect(texts()).toEqual(['在吗'])
    expect(client.lines[0]?.key).toBe(id)
  })

  it('comes back before its acknowledgement, and is still one', async () => {
    await live()
    const id = client.send('在吗')
    world.socket.give({ t: 'message', pos: '1:1', message: message('m1', '在吗', { from: 'customer', client_id: id }) })
    world.socket.give({ t: 'ack', client_id: id, message_id: 'm1' })
    expect(texts()).toEqual(['在吗'])
  })

  it('written while the line is cut is sent once the line is back, in order', async () => {
    await live()
    world.socket.drop()
    client.send('一')
    client.send('二')
    await world.pass(1_000)
    world.socket.welcome()
    expect(world.socket.sent.map((frame) => frame.text)).toEqual(['一', '二'])
  })

  it('survives the page: the next load sends it under the same id', async () => {
    world.down = true
    const id = client.send('断网时写的')
    await settle()
    client.stop()
    world.down = false
    open()
    expect(texts()).toEqual(['断网时写的(sending)'])
    await live()
    expect(sent('message')).toEqual([{ t: 'message', text: '断网时写的', attachments: [], client_id: id }])
  })

  it('already in the history of a new session is not shown or sent again', async () => {
    world.down = true
    const id = client.send('到了但没有回执')
    await settle()
    world.down = false
    const stored = message('m1', '到了但没有回执', { from: 'customer', client_id: id })
    world.answers['/session'] = () => ({ ...SESSION, messages: [stored] })
    await world.pass(1_000)
    world.socket.welcome()
    expect(texts()).toEqual(['到了但没有回执'])
    expect(sent('message')).toEqual([])
  })

  it('refused is marked, and sent again when the visitor says so', async () => {
    await live()
    const id = client.send('坏')
    world.socket.give({ t: 'error', code: 'invalid', detail: 'no', client_id: id })
    expect(texts()).toEqual(['坏(failed)'])
    client.retry(id)
    expect(texts()).toEqual(['坏(sending)'])
    expect(sent('message').map((frame) => frame.client_id)).toEqual([id, id])
  })

  it('sent too fast waits and goes by itself', async () => {
    await live()
    const id = client.send('快')
    world.socket.give({ t: 'error', code: 'rate_limited', detail: '', client_id: id })
    expect(texts()).toEqual(['快(sending)'])
    await world.pass(3_000)
    expect(sent('message')).toHaveLength(2)
  })

  it('is replaced by a later word about it', async () => {
    await live()
    world.socket.give({ t: 'message', pos: '1:1', message: message('m1', '说错了') })
    world.socket.give({ t: 'message', pos: '1:2', message: message('m1', '', { kind: 'recalled' }) })
    expect(client.lines.map((line) => line.kind)).toEqual(['recalled'])
    expect(client.unread).toBe(1)
  })

  it('stands in the order of ids, not of arrival', async () => {
    await live()
    world.socket.give({ t: 'message', pos: '1:2', message: message('m2', '后') })
    world.socket.give({ t: 'message', pos: '1:1', message: message('m1', '先') })
    expect(texts()).toEqual(['先', '后'])
  })
})

describe('the line', () => {
  it('goes on after the last position, and shows what is repeated once', async () => {
    await live()
    world.socket.give({ t: 'message', pos: '1:7', message: message('m1', '一') })
    world.socket.drop()
    await world.pass(1_000)
    expect(world.socket.url).toContain('after=1%3A7')
    world.socket.give({ t: 'message', pos: '1:7', message: message('m1', '一') })
    world.socket.give({ t: 'message', pos: '1:8', message: message('m2', '二') }, { t: 'pos', pos: '1:9' })
    expect(texts()).toEqual(['一', '二'])
    expect(heard.filter((happening) => happening.kind === 'message')).toHaveLength(2)
  })

  it('does not take a position from an acknowledgement, which may overtake', async () => {
    await live()
    const id = client.send('我')
    world.socket.give({ t: 'ack', client_id: id, message_id: 'm9', pos: '1:9' })
    world.socket.drop()
    await world.pass(1_000)
    expect(world.socket.url).toContain('after=1%3A0')
  })

  it('waits longer each time, and not at all when the network says it is back', async () => {
    world.down = true
    client.start()
    await settle()
    await world.pass(400)
    expect(client.link).toBe('waiting')
    await world.pass(60_000)
    const tries = world.timers.size
    expect(tries).toBe(1)
    world.down = false
    client.nudge()
    await settle()
    world.socket.welcome()
    expect(client.link).toBe('live')
  })

  it('opens a new session when the server says the token is over', async () => {
    await live()
    world.socket.drop(4401)
    await world.pass(1_000)
    expect(world.calls.filter((call) => call.path === '/session')).toHaveLength(2)
  })

  it('starts over on resync', async () => {
    await live()
    world.answers['/session'] = () => ({ ...SESSION, pos: '2:0', messages: [message('m5', '重新同步')] })
    world.socket.give({ t: 'resync' })
    await world.pass(1_000)
    expect(world.socket.url).toContain('after=2%3A0')
    expect(texts()).toEqual(['重新同步'])
  })

  it('notices a silent line and dials again', async () => {
    await live()
    await world.pass(120_000)
    expect(world.sockets.length).toBeGreaterThan(1)
    expect(sent('ping').length).toBeGreaterThan(0)
  })

  it('takes a handshake that never ends for a refusal, and the next page does not try again', async () => {
    world.answers['/poll'] = () => new Promise(() => undefined)
    client.start()
    await settle()
    await world.pass(30_000)
    expect(client.link).toBe('live')
    expect(world.sockets).toHaveLength(2)
    client.stop()
    open()
    client.start()
    await settle()
    expect(client.link).toBe('live')
    expect(world.sockets).toHaveLength(2)
    client.stop()
    await world.pass(600_000)
    client.start()
    await settle()
    expect(world.sockets).toHaveLength(3)
  })

  it('polls where a page’s policy forbids sockets: they are closed when made, and no event tells it', async () => {
    world.answers['/poll'] = () => new Promise(() => undefined)
    const { openSocket } = world.ports
    world.ports.openSocket = (url) => Object.assign(openSocket(url), { readyState: 3 })
    client.start()
    await settle()
    await world.pass(3_000)
    expect(client.link).toBe('live')
  })

  it('falls back to polling where sockets are refused', async () => {
    let polls = 0
    world.answers['/poll'] = () => {
      if (++polls === 1) return { frames: [{ t: 'message', pos: '1:1', message: message('m1', '轮询到的') }] }
      return new Promise(() => undefined)
    }
    world.answers['/frames'] = (body) => ({ frames: [{ t: 'ack', client_id: (body as { client_id: string }).client_id, message_id: 'm2' }] })
    client.start()
    for (let refused = 0; refused < 2; refused++) {
      await settle()
      world.socket.drop()
      await world.pass(3_000)
    }
    await settle()
    expect(texts()).toEqual(['轮询到的'])
    client.send('我发的')
    await settle()
    expect(texts()).toEqual(['轮询到的', '我发的'])
    expect(world.calls.find((call) => call.path === '/poll')?.headers.Authorization).toBe('Bearer token')
  })
})

describe('a conversation', () => {
  it('tells when it begins, changes and ends', async () => {
    await live()
    world.socket.give({ t: 'state', conversation: CONVERSATION })
    world.socket.give({ t: 'state', conversation: { ...CONVERSATION, phase: 'ended' } })
    const phases = heard.flatMap((each) => (each.kind === 'conversation' ? [each.conversation?.phase] : []))
    expect(phases.slice(-2)).toEqual(['bot', 'ended'])
  })

  it('never shows a place in line that went up', async () => {
    await live()
    const queued = { ...CONVERSATION, phase: 'queued' as const, queue: { position: 3, eta_s: 60 } }
    world.socket.give({ t: 'state', conversation: queued })
    world.socket.give({ t: 'queue', position: 5, eta_s: 90 })
    expect(client.conversation?.queue?.position).toBe(3)
    world.socket.give({ t: 'queue', position: 2, eta_s: 30 })
    expect(client.conversation?.queue?.position).toBe(2)
  })

  it('asks for a rating when the server does', async () => {
    await live()
    world.socket.give({ t: 'state', conversation: { ...CONVERSATION, phase: 'ended' } })
    world.socket.give({ t: 'survey', conversation_id: 'another' })
    expect(client.conversation?.survey).toBe(false)
    world.socket.give({ t: 'survey', conversation_id: 'c1' })
    expect(client.conversation?.survey).toBe(true)
  })

  it('counts as unread what nobody looked at, and reads it when somebody does', async () => {
    await live()
    world.socket.give({ t: 'message', pos: '1:1', message: message('m1', '在') })
    world.socket.give({ t: 'message', pos: '1:2', message: message('m2', '接入', { from: 'system' }) })
    expect(client.unread).toBe(1)
    client.attend(true)
    expect(client.unread).toBe(0)
    expect(sent('read')).toEqual([{ t: 'read', message_id: 'm2' }])
    world.socket.give({ t: 'message', pos: '1:3', message: message('m3', '还有') })
    expect(client.unread).toBe(0)
    expect(sent('read')).toHaveLength(2)
  })

  it('shows typing until it stops or the words come', async () => {
    await live()
    world.socket.give({ t: 'typing', name: '林一' })
    expect(client.typingBy).toBe('林一')
    world.socket.give({ t: 'message', pos: '1:1', message: message('m1', '好') })
    expect(client.typingBy).toBeNull()
    world.socket.give({ t: 'typing' })
    await world.pass(7_000)
    expect(client.typingBy).toBeNull()
  })

  it('tells its own typing now and then, never what is typed', async () => {
    await live()
    client.typing()
    client.typing()
    await world.pass(3_100)
    client.typing()
    expect(sent('typing')).toEqual([{ t: 'typing' }, { t: 'typing' }])
  })
})

describe('a long history', () => {
  const page = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => message(`m${String(from + at).padStart(3, '0')}`, `第 ${from + at} 句`))

  it('is read further back when asked, each page once', async () => {
    world.answers['/session'] = () => ({ ...SESSION, messages: page(10, 50), more: true })
    world.answers['/history'] = () => ({ messages: page(0, 10), more: false })
    await live()
    expect(client.more).toBe(true)
    await Promise.all([client.older(), client.older()])
    expect(texts()).toEqual(page(0, 60).map(({ text }) => text))
    expect(client.more).toBe(false)
    await client.older()
    expect(world.calls.filter((call) => call.path === '/history')).toHaveLength(1)
  })

  it('has no hole after a long absence', async () => {
    world.answers['/session'] = () => ({ ...SESSION, messages: page(0, 50), more: false })
    await live()
    world.answers['/session'] = () => ({ ...SESSION, messages: page(200, 50), more: true })
    world.socket.give({ t: 'resync' })
    await world.pass(1_000)
    expect(texts()[0]).toBe('第 200 句')
    expect(client.more).toBe(true)
  })

  it('keeps what was read when the new session goes on from it', async () => {
    world.answers['/session'] = () => ({ ...SESSION, messages: page(10, 50), more: true })
    world.answers['/history'] = () => ({ messages: page(0, 10), more: false })
    await live()
    await client.older()
    world.answers['/session'] = () => ({ ...SESSION, messages: page(20, 50), more: true })
    world.socket.give({ t: 'resync' })
    await world.pass(1_000)
    expect(texts()).toHaveLength(70)
    expect(client.more).toBe(false)
  })
})

describe('a visitor', () => {
  it('introduced is known at once, and an absent word blanks nothing', async () => {
    await live()
    client.introduce({ name: '王', email: '', plan: 'gold' })
    expect(sent('profile')).toMatchObject([{ name: '王', fields: { plan: 'gold' } }])
    expect(sent('profile')[0]).not.toHaveProperty('email')
    world.answers['/leave'] = () => ({ reply_by: null })
    await client.leave('滤芯', 'a@example.com', '', false)
    expect(client.profile).toEqual({ name: '王', email: 'a@example.com' })
  })

  it('who may not be recorded says so when his session opens', async () => {
    const page = () => ({ url: 'https://shop.example/', title: '', referrer: '' })
    client = openClient({ base: 'https://host', inbox: 'shop', locale: () => 'zh-CN', ports: world.ports, page, tracking: () => false })
    client.start()
    await settle()
    expect(world.calls.at(-1)?.body).toMatchObject({ tracking: false })
  })

  it('keeps his id and his token over page loads', async () => {
    await live()
    client.stop()
    open()
    await live()
    expect(world.calls.at(-1)?.body).toMatchObject({ visitor: 'visitor', token: 'token' })
  })

  it('who logs in is a new session with proof, and who logs out leaves nothing', async () => {
    await live()
    client.identify({ id: 'user-10086', hash: 'h' })
    await settle()
    expect(world.calls.at(-1)?.body).toMatchObject({ identity: { id: 'user-10086', hash: 'h' } })
    world.socket.welcome()
    client.send('私密')
    client.reset()
    expect(texts()).toEqual([])
    expect([...world.kept.keys()]).toEqual([])
    await live()
    expect(world.calls.at(-1)?.body).toMatchObject({ visitor: null, token: null })
  })

  it('an answer that comes after somebody logged in is not taken for his', async () => {
    const late: ((session: unknown) => void)[] = []
    world.answers['/session'] = () => new Promise((resolve) => late.push(resolve))
    client.start()
    await settle()
    client.identify({ id: 'user-10086', hash: 'h' })
    await settle()
    late[1]?.({ ...SESSION, token: 'his', visitor: 'he' })
    await settle()
    late[0]?.({ ...SESSION, token: 'nobodys', visitor: 'nobody' })
    await settle()
    expect([client.token, client.visitor, world.kept.get('yizhan:shop:token')]).toEqual(['his', 'he', 'his'])
    expect(world.socket.url).toContain('token=his')
  })

  it('an answer that comes after the visitor was forgotten leaves nothing', async () => {
    let answer: (session: unknown) => void = () => undefined
    world.answers['/session'] = () => new Promise((resolve) => (answer = resolve))
    client.start()
    await settle()
    client.reset()
    answer(SESSION)
    await settle()
    expect([...world.kept.keys()]).toEqual([])
    expect(client.token).toBe('')
  })

  it('leaves a message even before the line is open', async () => {
    world.answers['/leave'] = () => ({ reply_by: '明早 9:30' })
    expect(await client.leave('滤芯', '19900001234', '', true)).toEqual({ reply_by: '明早 9:30' })
    expect(world.calls.at(-1)).toMatchObject({ body: { contact: '19900001234', callback: true } })
  })

  it('asks for his code only when his words have arrived: before them nobody knows him', async () => {
    world.answers['/member-code'] = () => ({ digits: '1234567890' })
    await live()
    const id = client.send('想去店里看看')
    const code = client.visits('/member-code', '')
    await settle()
    expect(world.calls.at(-1)?.path).toBe('/session')
    world.socket.give({ t: 'ack', client_id: id, message_id: 'm1' })
    expect(await code).toEqual({ digits: '1234567890' })
  })

  it('sends files with their name and learns why one was refused', async () => {
    world.answers['/files'] = () => ({ hash: 'ab', name: '发票.pdf', type: 'application/pdf', size: 3, url: '/f' })
    await live()
    const file = await client.upload(new Blob(['abc'], { type: 'application/pdf' }), '发票.pdf')
    expect(world.calls.at(-1)?.headers).toMatchObject({ 'X-File-Name': '%E5%8F%91%E7%A5%A8.pdf' })
    client.send('', [file])
    expect(sent('message')).toMatchObject([{ attachments: ['ab'] }])
    expect(client.lines[0]?.attachments[0]?.name).toBe('发票.pdf')
    world.answers['/files'] = () => new Response('{"code":"too_large","detail":"big"}', { status: 413 })
    await expect(client.upload(new Blob(['x']), 'x')).rejects.toMatchObject({ status: 413, code: 'too_large' })
    await expect(client.upload(new Blob(['x']), 'x')).rejects.toBeInstanceOf(Refused)
  })
})
