/** Small decisions: urgency, mail without remote pictures, trails of any shop, settings of any channel. */
import { describe, expect, test } from 'vitest'
import { counted, urgency } from '@/composables/times'
import type { Trail } from '@/client/customer.types'
import { cartOf, pageName, sourceOf, stepName, stepsOf } from '@/desk/customer/trail'
import { frameOf, hasRemote } from '@/desk/thread/mail'
import { FIELDS, settingsOf, valuesOf } from '@/settings/inboxes/fields'

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
