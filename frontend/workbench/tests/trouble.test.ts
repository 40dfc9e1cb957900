/** What went wrong is said in words, with the steps that are left; nobody reads a code. */
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { Problem } from '@/client/http'
import type { Message } from '@/client/types'
import { sentenceOf } from '@/composables/problems'
import { doubtOf, troubleOf } from '@/desk/thread/delivery'
import { i18n, learn, speak } from '@/i18n'
import zh from '@/locales/zh-CN/problems.json'
import { message } from './samples'

beforeAll(() => speak('zh-CN'))

describe('a reply that did not go out', () => {
  const of = (delivery: 'failed' | 'unknown' | 'queued' | 'sent', failure: Message['failure'] = null) =>
    troubleOf(message('m', { direction: 'out', delivery, failure }))

  test('has the cause and the steps the server knows', () => {
    const failure = { code: 'suppressed', steps: ['allow_address' as const, 'other_channel' as const], words: '550 5.1.1' }
    expect(of('failed', failure)).toEqual({ cause: 'suppressed', words: '550 5.1.1', steps: failure.steps })
  })

  test.each([
    'auth', 'throttle', 'transient', 'unknown', 'window_closed', 'quota_exhausted', 'recipient_blocked', 'suppressed',
    'content_rejected', 'permission', 'bad_request', 'recalled', 'unwanted',
  ])('says %s in a sentence', (code) => expect(Object.keys(zh.delivery_error)).toContain(code))

  test('of which nobody knows the end may be sent again', () => {
    expect(of('unknown')?.steps).toEqual(['retry'])
    expect([of('sent'), of('queued')]).toEqual([null, null])
  })
})

describe('the sender of a mail', () => {
  const proof = { domain: '', by: 'server', spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none' }

  test('is marked where nobody vouches for him, and only there', () => {
    const doubts = ['passed', 'unproved', 'failed'].map((verdict) => doubtOf(message('m', { sender: { ...proof, verdict } })))
    expect([...doubts, doubtOf(message('m'))]).toEqual([null, 'unproved', 'failed', null])
  })
})

describe('a refusal', () => {
  const said = (status: number, code: string, detail = '', field?: string) => sentenceOf(new Problem(status, code, detail, field))

  test('has a sentence of its own once they are read, else that of its code', async () => {
    await vi.waitFor(() => expect(said(409, 'conflict', 'this offer is over')).toBe('转接请求已失效'))
    expect(said(409, 'conflict', 'something new')).toBe(zh.problem.conflict)
    expect(said(0, 'offline')).toBe(zh.problem.offline)
    expect(said(500, 'http_500')).toBe(zh.problem.internal)
    expect(said(422, 'invalid', 'too short', 'name')).toBe('「name」填写有误，请修改后再试 (too short)')
  })

  test('keeps the words of the server in English', async () => {
    await speak('en')
    expect(said(409, 'conflict', 'something new')).toBe('This has just changed. Reload and try again (something new)')
    await speak('zh-CN')
  })
})

test('what only administrators read is learned when they come, in the language they speak', async () => {
  const te = i18n.global.te as (key: string) => boolean
  expect(te('operations.well')).toBe(false)
  await learn('admin')
  expect(te('operations.well')).toBe(true)
})
