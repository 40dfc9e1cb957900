/** When a chat is over, and how what is no words is drawn. */
import { describe, expect, it } from 'vitest'
import { richOf } from '@/desk/thread/rich'
import { isOver } from '@/desk/thread/wrapping'
import { message } from './samples'

const agent = { kind: 'agent', name: '林一', id: 'a' } as const
const said = (text: string) => message(text, { text, direction: 'out', author: agent, conversation_id: 'c' })
const asked = (text: string) => message(text, { text, conversation_id: 'c' })

describe('a chat is over', () => {
  it.each(['好的,谢谢', '嗯嗯 谢谢您!', '没有了', 'ok thanks', '👌', 'Thank you so much'])('when he is content: %s', (text) => {
    expect(isOver([asked('怎么退款'), said('已为您办理'), asked(text)], 'c')).toBe(true)
  })

  it.each(['好的,那什么时候到?', '谢谢,还有一个问题', '不用了我要投诉', '?', ''])('not when there is more: %s', (text) => {
    expect(isOver([asked('怎么退款'), said('已为您办理'), asked(text)], 'c')).toBe(false)
  })

  it('when we took our leave, and never before anybody answered', () => {
    expect(isOver([asked('怎么退款'), said('已办理,祝您生活愉快')], 'c')).toBe(true)
    expect(isOver([asked('怎么退款'), said('已为您办理')], 'c')).toBe(false)
    expect(isOver([asked('谢谢')], 'c')).toBe(false)
    expect(isOver([], 'c')).toBe(false)
    expect(isOver([asked('怎么退款'), said('再见')], 'other')).toBe(false)
  })
})

describe('drawn', () => {
  it('a product of our own page, and an order of ours', () => {
    const product = message('x', { kind: 'card', text: '净化器', payload: { card: { title: '净化器 X3', price: '¥1,899', url: 'javascript:1' } } })
    expect(richOf(product)).toEqual({ kind: 'card', title: '净化器 X3', text: '¥1,899', url: '' })
    const order = message('y', { kind: 'order', direction: 'out', payload: { number: 'SO1', title: '滤芯', price: '¥9.00', state: '已发货' } })
    expect(richOf(order)).toEqual({ kind: 'order', title: '滤芯', text: 'SO1 · ¥9.00 · 已发货', url: '' })
  })
})
