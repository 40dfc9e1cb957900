/** Small decisions: urgency, mail without remote pictures, trails of any shop, settings of any channel. */
import { describe, expect, test } from 'vitest'
import { counted, urgency } from '@/composables/times'
import type { Trail } from '@/client/customer.types'
import { cartOf, pageName, sourceOf, stepName, stepsOf } from '@/desk/customer/trail'
import { frameOf, hasRemote } from '@/desk/thread/mail'
import { leftOf, refusalOf } from '@/desk/composer/fit'
import { comingOf, richOf } from '@/desk/thread/rich'
import { FIELDS, fieldsOf, settingsOf, valuesOf } from '@/settings/inboxes/fields'

test('waiting is counted in seconds and turns amber, then red', () => {
  expect([7_000, 750_000, 3_725_000, 90_000_000].map(counted)).toEqual(['0:07', '12:30', '1:02:05', '1 天'])
  expect([29_999, 30_000, 60_000].map(urgency)).toEqual(['', 'amber', 'red'])
})

describe('mail', () => {
  const html = '<p>hi</p><img src="https://spy.example/x.png"><img src="data:image/gif;base64,R0"><p style="background:url(//spy.example/y)">'

  test('asks for nothing from outside until told to', () => {
    expect(hasRemote(html)).toBe(true)
    const page = frameOf(html, false)
    expect(page).toContain('data-src="https://spy.example/x.png"')
    expect(page).toContain(' src="data:image/gif')
    expect(page).toContain("img-src 'self' data:;")
    expect(frameOf(html, true)).toContain(' src="https://spy.example/x.png"')
  })

  test('plain mail has nothing to show', () => expect(hasRemote('<p>https://example.com</p>')).toBe(false))
})

describe('trail', () => {
  const item = (kind: string, more: object = {}) =>
    ({ kind, url: 'https://shop.example/p/1', title: '', at: '2026-03-02T01:30:00Z', dwell_ms: null, data: {}, ...more })

  test('reads a cart', () => {
    const products = [{ id: 'a', name: '净水器', price: '1899', quantity: 1 }, { id: 'b', price: '99', quantity: 2 }]
    expect(cartOf({ products, value: '2097', currency: 'CNY' })).toEqual({ count: 3, total: '¥2,097', names: ['净水器', 'b ×2'] })
    expect(cartOf({ products, value: '5', currency: 'not one' }).total).toBe('5 not one')
    expect(cartOf(null)).toEqual({ count: 0, total: '', names: [] })
  })

  test('knows the page before the visitor, newest first', () => {
    const items = [item('Product Added', { data: { name: '净水器' } }), item('page', { title: '净水器 800G' }), item('page')]
    const { page, earlier } = stepsOf({ items } as Trail)
    expect(page?.title).toBe('净水器 800G')
    expect(earlier.map((each) => stepName(each, 'zh-CN'))).toEqual(['加入购物车 · 净水器', '/p/1'])
    expect(stepName(item('Wheel Spun'), 'en')).toBe('Wheel Spun')
  })

  test('names a page and a source', () => {
    expect(pageName({ title: '', url: 'https://shop.example/p/1?x=2' })).toBe('/p/1')
    expect(sourceOf({ campaign: { source: 'wechat' }, referrer: 'https://x.cn/' })).toBe('wechat')
    expect(sourceOf({ referrer: 'https://www.baidu.com/s', landing: 'https://shop.example/' })).toBe('baidu.com')
    expect(sourceOf({ referrer: 'https://shop.example/', landing: 'https://shop.example/p' })).toBe('')
    expect(sourceOf(null)).toBe('')
  })
})

describe('settings', () => {
  test('go into the form and back, unknown ones kept, secrets apart', () => {
    const before = { address: 'a@b.cn', incoming: { host: 'imap.b.cn', port: 993, security: 'tls' }, poll_seconds: 30 }
    const values = valuesOf(FIELDS.email, before)
    values['password'] = 'code'
    Object.assign(values, { 'incoming.port': 993 }) // as an input for numbers leaves it
    const { settings, secrets } = settingsOf(FIELDS.email, values, before)
    expect(settings).toMatchObject({ ...before, protocol: 'imap' })
    expect('outgoing' in settings).toBe(false)
    expect(secrets).toEqual({ password: 'code' })
  })
})

describe('what a channel takes', () => {
  const can = { reply: true, reason: null, recall: false, files: true, html: false, together: false, public: false, free: true, quote: false }

  test('is counted in its own measure', () => {
    expect(leftOf({ ...can, most_chars: 5 }, '一二😀')).toBe(2)
    expect(leftOf({ ...can, most_bytes: 6 }, '一二三')).toBe(-1)
    expect(leftOf(can, '一')).toBeNull()
  })

  test('a file that it does not take is told with the reason', () => {
    const takes = { ...can, file_kinds: { image: { most: 2_097_152, types: ['image/png'] } } }
    expect(refusalOf(takes, { type: 'image/png', size: 9 })).toEqual({ why: '', most: 2 })
    expect(refusalOf(takes, { type: 'image/gif', size: 9 }).why).toBe('type')
    expect(refusalOf(takes, { type: 'image/png', size: 9_000_000 })).toEqual({ why: 'size', most: 2 })
    expect(refusalOf(takes, { type: 'video/mp4', size: 9 }).why).toBe('kind')
  })
})

describe('what was sent besides words', () => {
  test('is a place, a link only to the web, and what nobody could read by its name', () => {
    const place = richOf({ kind: 'location', direction: 'in', text: '', payload: { name: '徐汇店', latitude: 31.1, longitude: 121.4 } })
    expect(place).toMatchObject({ title: '徐汇店', text: '31.1, 121.4' })
    expect(richOf({ kind: 'link', direction: 'in', text: '', payload: { title: 'x', url: 'javascript:alert(1)' } })?.url).toBe('')
    expect(richOf({ kind: 'unsupported', direction: 'in', text: '', payload: { type: 'red_packet' } })?.text).toBe('red_packet')
    expect(richOf({ kind: 'text', direction: 'in', text: '', payload: null })).toBeNull()
    expect(richOf({ kind: 'event', direction: 'in', text: '退货', payload: { name: 'button', key: 'return' } })).toMatchObject({ kind: 'button', title: '退货', text: '' })
    const about = { text: '新款保温杯', url: 'https://m.weibo.cn/detail/1' }
    expect(richOf({ kind: 'text', direction: 'in', text: '', payload: { about } })).toMatchObject({ kind: 'post', title: about.text, url: about.url })
    expect(richOf({ kind: 'text', direction: 'in', text: '', payload: { about: { text: '', url: '' } } })).toBeNull()
  })

  test('files on their way are told until they are here', () => {
    const media = [{ kind: 'image', name: '', state: 'fetched' }, { kind: 'voice', name: '', state: 'gone' }]
    expect(comingOf({ payload: { media } }).map((each) => each.state)).toEqual(['gone'])
    expect(comingOf({ payload: null })).toEqual([])
  })
})

test('a channel of another package asks for what it says it needs', () => {
  const said = { zh: '暗号', en: 'Word' }
  const form = [
    { key: 'word', label: said, help: { zh: '', en: '' }, secret: true, required: true, kind: 'text', choices: [], advanced: false, usual: '' },
    { key: 'most', label: said, help: said, secret: false, required: false, kind: 'number', choices: [], advanced: true, usual: '3' },
    { key: 'loud', label: said, help: said, secret: false, required: false, kind: 'switch', choices: [], advanced: true, usual: 'true' },
  ]
  const fields = fieldsOf('paper', { name: 'paper', title: said, mark: '', live: true, form, steps: [], callback: null, checks: false, off: null })
  expect(fields.map((each) => [each.path, each.secret, each.group])).toEqual([['word', true, 'connect'], ['most', false, 'advanced'], ['loud', false, 'advanced']])
  expect(valuesOf(fields, {})).toEqual({ word: '', most: '3', loud: 'true' })
  expect(settingsOf(fields, { word: '芝麻', most: '3', loud: 'true' }, {})).toEqual({ settings: {}, secrets: { word: '芝麻' } })
  expect(settingsOf(fields, { word: '', most: '4', loud: 'false' }, {})).toEqual({ settings: { most: 4, loud: false }, secrets: {} })
})
