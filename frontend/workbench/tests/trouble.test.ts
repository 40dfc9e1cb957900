/** What went wrong is said in words, with the steps that are left; nobody reads a code. */
import { beforeAll, describe, expect, test } from 'vitest'
import { Problem } from '@/client/http'
import { sentenceOf } from '@/composables/problems'
import { troubleOf, vouchedOf } from '@/desk/thread/delivery'
import { i18n, learn, speak } from '@/i18n'
import zh from '@/locales/zh-CN/problems.json'
import { message } from './samples'

beforeAll(() => speak('zh-CN'))

describe('a reply that did not go out', () => {
  const failed = (delivery_error: string | null, delivery: 'failed' | 'unknown' | 'queued' = 'failed') =>
    troubleOf(message('m', { direction: 'out', delivery, delivery_error }))

  test.each([
    ['recipient_blocked: 550 5.1.1 no such user', 'recipient_blocked', ['address', 'channel']],
    ['content_rejected: spam', 'content_rejected', ['edit', 'channel']],
    ['window_closed', 'window_closed', ['channel']],
    ['auth: 535', 'auth', ['retry', 'channel']],
    ['something else', 'other', ['retry', 'channel']],
  ])('%s', (error, cause, steps) => {
    expect(failed(error)).toMatchObject({ cause, steps })
    expect(Object.keys(zh.delivery_error)).toContain(cause)
  })

  test('of which nobody knows the end may be sent again', () => {
    expect(failed(null, 'unknown')).toEqual({ cause: 'unknown', words: '', steps: ['retry'] })
  })

  test('that is tried again by itself asks for nothing', () => {
    expect(failed('auth: 535', 'queued')?.steps).toEqual([])
    expect(failed(null, 'queued')).toBeNull()
  })
})

describe('the sender of a mail', () => {
  const from = (payload: Record<string, unknown> | null) => vouchedOf(message('m', { payload }))

  test('is marked by what his domain says', () => {
    expect(from({ proof: { verdict: 'failed', domain: 'bank.cn' } })).toEqual({ verdict: 'failed', domain: 'bank.cn' })
    expect(from({ proof: { verdict: 'unproved' } })?.verdict).toBe('unproved')
  })

  test('is not marked where nobody looked', () => {
    expect([from(null), from({}), from({ proof: 'yes' })]).toEqual([null, null, null])
  })
})

describe('a refusal', () => {
  const said = (status: number, code: string, detail = '', field?: string) => sentenceOf(new Problem(status, code, detail, field))

  test('has a sentence of its own, else that of its code', () => {
    expect(said(409, 'conflict', 'this offer is over')).toBe('转接请求已失效')
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
