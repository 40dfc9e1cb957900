/** Gaps are filled from what is known and none is overlooked; facts and the four steps are told from the words alone. */
import { describe, expect, test } from 'vitest'
import type { GapName, QuickReply } from '@/client/replies'
import { fill, firstGap, isFor, missingFacts, openGaps, wordsFor } from '@/replies/filling'
import { stepsIn, warningOf } from '@/replies/steps'

const GAPS: GapName[] = [{ key: 'order', zh: '订单号', en: 'order number' }, { key: 'arrival', zh: '到货日期', en: 'arrival date' }]

test('gaps are filled by either name, and what is not known stays to be seen', () => {
  const text = fill('订单{{订单号}}预计{{ arrival }}到,{{你好}}', { order: 'SO1' }, GAPS)
  expect(text).toBe('订单SO1预计{{ arrival }}到,{{你好}}')
  expect(openGaps(text, GAPS)).toEqual(['arrival'])
  expect(text.slice(...firstGap(text, GAPS)!)).toBe('{{ arrival }}')
  expect(openGaps(fill(text, { arrival: '11月20日' }, GAPS), GAPS)).toEqual([])
})

test('what a reply must say is looked for in the words', () => {
  expect(missingFacts('退款 128 元,3 个工作日内到账', ['order', 'amount', 'date'])).toEqual(['order'])
  expect(missingFacts('SO20261118-2087,运单 773012345678', ['order', 'parcel', 'phone'])).toEqual(['phone'])
  expect(missingFacts('We refund $12 within 3 working days', ['amount', 'date'])).toEqual([])
})

test('a type is meant with all below it, and a customer is answered in his language', () => {
  expect([isFor(['refund'], 'refund.only'), isFor(['refund.only'], 'refund'), isFor(['ref'], 'refund')]).toEqual([true, false, false])
  const reply = { text: '您好', text_en: 'Hello' } as QuickReply
  expect([wordsFor(reply, 'where is it?'), wordsFor(reply, '在吗 hello'), wordsFor(reply, '')]).toEqual(['Hello', '您好', '您好'])
})

describe('the four steps', () => {
  test.each([
    ['您好,我是林一,很高兴为您服务,请问有什么可以帮您?', ['greeting']],
    ['好的,我马上为您查询,请稍等片刻。', []],
    ['您的包裹明天送达。', ['answer']],
    ['请问这样处理可以吗?', ['confirm']],
    ['感谢您的联系,祝您生活愉快,再见。', ['closing']],
    ['尊敬的王女士,退款已经原路退回。请问您还有其他问题吗?此致敬礼', ['answer', 'closing', 'confirm', 'greeting']],
    ['Hello, your parcel arrives tomorrow. Is there anything else? Kind regards', ['answer', 'closing', 'confirm', 'greeting']],
  ])('%s', (text, found) => expect([...stepsIn(text)].sort()).toEqual(found))

  test('of a chat all that was said counts, of a mail only the mail', () => {
    const before = ['您好,我是林一。', '您的包裹明天送达。']
    expect(warningOf({ before, now: '感谢您的联系,再见。', mail: false })).toBe('confirm_first')
    expect(warningOf({ before: [...before, '请问解决了吗?'], now: '再见!', mail: false })).toBeNull()
    expect(warningOf({ before: [], now: '您的包裹明天送达。', mail: false })).toBe('greet_first')
    expect(warningOf({ before, now: '您的包裹明天送达。', mail: true })).toBe('mail_greeting')
    expect(warningOf({ before, now: '', mail: false })).toBeNull()
  })
})
