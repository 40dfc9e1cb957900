/** Small decisions: urgency, mail without remote pictures, trails of any shop, settings of any channel. */
import { describe, expect, test } from 'vitest'
import { counted, urgency } from '@/composables/times'
import { cartOf, pageName, sourceOf } from '@/desk/customer/trail'
import { frameOf, hasRemote } from '@/desk/thread/mail'
import { FIELDS, settingsOf, valuesOf } from '@/settings/fields'

test('waiting is counted in seconds and turns amber, then red', () => {
  expect([7_000, 750_000, 3_725_000, 90_000_000].map(counted)).toEqual(['0:07', '12:30', '1:02:05', '1d'])
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
  test('reads carts of more than one form', () => {
    expect(cartOf([{ price: 1899, qty: 1 }, { price: 99, quantity: 2 }])).toEqual({ count: 3, total: '2,097' })
    expect(cartOf({ items: [{ price: '10' }] }).count).toBe(1)
    expect(cartOf(null)).toEqual({ count: 0, total: '' })
  })

  test('names a page and a source', () => {
    expect(pageName({ title: '', url: 'https://shop.example/p/1?x=2' })).toBe('/p/1')
    expect(sourceOf({ utm_source: 'wechat', referrer: 'x' })).toBe('wechat')
    expect(sourceOf(null)).toBe('')
  })
})

describe('settings', () => {
  test('go into the form and back, unknown ones kept, secrets apart', () => {
    const before = { address: 'a@b.cn', incoming: { host: 'imap.b.cn', port: 993, security: 'tls' }, poll_seconds: 30 }
    const values = valuesOf(FIELDS.email, before)
    values['password'] = 'code'
    const { settings, secrets } = settingsOf(FIELDS.email, values, before)
    expect(settings).toMatchObject({ ...before, protocol: 'imap' })
    expect('outgoing' in settings).toBe(false)
    expect(secrets).toEqual({ password: 'code' })
  })

  test('a welcome is the first of a list, and an empty one none', () => {
    const values = { ...valuesOf(FIELDS.webchat, {}), 'welcome.0.text': '您好' }
    expect(settingsOf(FIELDS.webchat, values, {}).settings['welcome']).toEqual([{ text: '您好' }])
    values['welcome.0.text'] = ''
    expect(settingsOf(FIELDS.webchat, values, { welcome: [{ text: '您好' }] }).settings['welcome']).toEqual([])
  })
})
