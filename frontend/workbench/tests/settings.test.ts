/** Forms made from a schema, an inbox's state in one word, and the chain of filters. */
import { describe, expect, test } from 'vitest'
import type { InboxHealth } from '@/client/admin'
import { blankOf, isSpan, resolved, shapeOf, spanWords } from '@/settings/config/schema'
import type { Schema } from '@/settings/config/schema'
import { standingOf } from '@/settings/inboxes/health'
import { FIELDS, asksConsent, shownFields, valuesOf } from '@/settings/inboxes/fields'
import { LISTS, changed, cleaned, shownValue } from '@/settings/inboxes/parts'
import { bytes } from '@/settings/operations/sizes'

const ROOT: Schema = {
  $ref: '#/$defs/Doc',
  $defs: {
    Doc: {
      type: 'object', required: ['title', 'rules'],
      properties: {
        title: { type: 'string', maxLength: 80 }, rules: { type: 'array', items: { $ref: '#/$defs/Rule' } },
        inboxes: { type: 'array', items: { type: 'string', format: 'uuid' } }, note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        end_s: { type: 'object', additionalProperties: { type: 'integer' } }, when: { anyOf: [{ type: 'object' }, { type: 'array' }] },
      },
    },
    Rule: { type: 'object', required: ['kind'], properties: { kind: { $ref: '#/$defs/Kind' }, on: { type: 'boolean' } } },
    Kind: { enum: ['a', 'b'] },
  },
}
const of = (key: string) => resolved(ROOT, ROOT).properties?.[key] ?? {}

describe('a schema', () => {
  test('says what each field looks like', () => {
    const shapes = ['title', 'rules', 'inboxes', 'note', 'end_s', 'when'].map((key) => shapeOf(key, of(key), ROOT))
    expect(shapes).toEqual(['text', 'list', 'places', 'text', 'map', 'condition'])
    expect(shapeOf('', ROOT, ROOT)).toBe('record')
    expect(shapeOf('', { type: 'object', properties: { tz: {}, weekly: {} } }, ROOT)).toBe('hours')
  })

  test('says what a new one begins with', () => {
    expect(blankOf(ROOT, ROOT)).toEqual({ title: '', rules: [] })
    expect(blankOf({ $ref: '#/$defs/Rule' }, ROOT)).toEqual({ kind: 'a' })
  })

  test('seconds are read in the unit people count in', () => {
    expect([45, 900, 7200, 172_800, 3601].map(spanWords)).toEqual([
      { n: 45, unit: 's' }, { n: 15, unit: 'm' }, { n: 2, unit: 'h' }, { n: 2, unit: 'd' }, { n: 3601, unit: 's' },
    ])
    expect([isSpan('end_s', {}), isSpan('x', { description: 'seconds' }), isSpan('ends', {})]).toEqual([true, true, false])
  })
})

describe('an inbox', () => {
  const health = (over: Partial<InboxHealth> = {}): InboxHealth => ({
    inbox_id: 'i', received_at: '2026-11-22T10:00:00Z', sent_at: null, waiting: 0, failed: 0, unknown: 0, error_class: null,
    last_error: null, error_at: null, receiving: null, ...over,
  })
  const word = (over: Partial<InboxHealth>) => standingOf({ enabled: true }, health(over)).word

  test('is told in one word, the worst first', () => {
    expect(word({})).toBe('well')
    expect(word({ failed: 1, error_class: 'recipient_blocked' })).toBe('some_failed')
    expect(word({ failed: 1, error_class: 'auth' })).toBe('not_sending')
    expect(word({ error_class: 'auth', receiving: { ok: false, error_class: 'auth', detail: '535', at: '', steps: [] } })).toBe('not_receiving')
    expect(word({ received_at: null })).toBe('quiet')
    expect(standingOf({ enabled: false }, health({ failed: 3 })).word).toBe('off')
  })

  test('asks only for what its way of signing in needs', () => {
    const names = (auth: string) => shownFields(FIELDS.email, { ...valuesOf(FIELDS.email, {}), auth }).map((field) => field.path)
    expect(names('password')).toContain('password')
    expect(names('xoauth2')).toContain('token')
    expect(names('xoauth2')).not.toContain('password')
  })
})

test('bytes as people say them', () => {
  expect([0, 900, 20_698_815, 5_600_000_000].map(bytes)).toEqual(['0 B', '900 B', '20 MB', '5.2 GB'])
})

describe('lists of a web chat', () => {
  const [welcome] = LISTS
  const start = welcome!.parts.find((part) => part.path === 'hours.start')!

  test('a time of day has seconds on the wire and none on the screen', () => {
    const late = changed({ text: '晚上好' }, start, '22:00')
    expect(late).toEqual({ text: '晚上好', hours: { start: '22:00:00' } })
    expect(shownValue(late, start)).toBe('22:00')
  })

  test('half a span of hours is none, and what says nothing is not kept', () => {
    expect(cleaned([{ text: '您好', hours: { start: '22:00:00' } }, { text: '' }])).toEqual([{ text: '您好' }])
  })

  test('an emptied value is not said', () => {
    const page = welcome!.parts.find((part) => part.path === 'page')!
    expect(cleaned([changed({ text: '您好', page: 'cart' }, page, '')])).toEqual([{ text: '您好' }])
  })
})

test('consent is asked for where a person has to say yes', () => {
  expect(asksConsent({ auth: 'xoauth2', oauth: { authorize_url: 'https://login.test/a' } })).toBe(true)
  expect(asksConsent({ auth: 'xoauth2', oauth: { grant: 'client_credentials', authorize_url: 'https://login.test/a' } })).toBe(false)
  expect(asksConsent({ auth: 'password' })).toBe(false)
})
