/** One continuous thread, and where the next reply goes. */
import { describe, expect, test } from 'vitest'
import { piecesOf } from '@/desk/composer/hints'
import { entriesOf, mergeMessages, writable } from '@/stores/thread.order'
import { message, reachable } from './samples'

const at = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, '0')}:00Z`

describe('order', () => {
  test('by time, each once, the newer copy wins', () => {
    const merged = mergeMessages([message('b', { at: at(2) })], [message('a', { at: at(1) }), message('b', { at: at(2), delivery: 'read' })])
    expect(merged.map((each) => [each.id, each.delivery])).toEqual([['a', null], ['b', 'read']])
  })

  test('days, beginnings of conversations, messages and processing notes in one line', () => {
    const note = { id: 'n', ticket_id: 't', conversation_id: null, action: 'start', from_status: null, to_status: null, text: '', typed: false, author: { kind: 'system', name: '' }, at: at(2) }
    const entries = entriesOf(
      [message('1', { at: at(1) }), message('2', { at: at(1) }), message('3', { at: at(3), conversation_id: 'd', channel: 'email' })],
      [note], [reachable('c'), reachable('d')], [],
    )
    expect(entries.map((entry) => entry.kind)).toEqual(['day', 'spell', 'message', 'message', 'note', 'spell', 'message'])
    expect(entries.filter((entry) => entry.kind === 'message').map((entry) => entry.first)).toEqual([true, false, true])
  })

  test('what is said again and again is one bubble with a count', () => {
    const flood = [0, 1, 2, 3].map((n) => message(String(n), { at: `2026-11-22T10:00:0${n}Z`, text: n === 2 ? '在吗?!' : n === 3 ? '人呢' : '在吗' }))
    const bubbles = entriesOf(flood, [], [], []).filter((entry) => entry.kind === 'message')
    expect(bubbles.map((entry) => [entry.message.text, entry.count])).toEqual([['在吗', 3], ['人呢', 1]])
    const apart = [message('a', { at: at(1), text: '在吗' }), message('b', { at: at(4), text: '在吗' })]
    expect(entriesOf(apart, [], [], []).filter((entry) => entry.kind === 'message')).toHaveLength(2)
  })

  test('the text is cut where something was found', () => {
    const hit = { start: 2, end: 4, word: '绝对', level: 'remind', title: '', hint: '', file: null }
    expect(piecesOf('这款绝对好', [hit])).toEqual([{ text: '这款', level: '' }, { text: '绝对', level: 'remind' }, { text: '好', level: '' }])
    expect(piecesOf('短', [hit])).toEqual([{ text: '短', level: '' }])
  })

  test('a message that arrived is not shown a second time as waiting', () => {
    const waiting = { client_id: 'x', conversation_id: 'c', text: '', attachments: [], note: false, mentions: [], at: 0, due: 0, locale: 'zh-CN', state: 'sending' as const }
    expect(entriesOf([message('1', { client_id: 'x' })], [], [], [waiting]).filter((each) => each.kind === 'waiting')).toEqual([])
  })
})

describe('the reply goes', () => {
  const ended = { phase: 'ended' as const }
  const closed = { capability: { reply: false, reason: 'conversation_ended', recall: true, files: true, html: false, together: true, public: false, free: true, quote: false } }

  test('to the conversation that was opened while it runs', () => {
    expect(writable([reachable('a'), reachable('b')], [message('1', { conversation_id: 'a' })], { kind: 'c', id: 'b' })).toBe('b')
  })

  test('else to that of the customer’s last word', () => {
    expect(writable([reachable('a'), reachable('b')], [message('1', { conversation_id: 'a' })], { kind: 't', id: 't' })).toBe('a')
  })

  test('never to one that takes no reply while another does', () => {
    const all = [reachable('mail'), reachable('chat', { ...ended, ...closed })]
    expect(writable(all, [message('1', { conversation_id: 'chat' })], { kind: 'c', id: 'chat' })).toBe('mail')
  })
})
