import { describe, expect, it } from 'vitest'
import { isFilled, partsOf, wordsOf } from '@/desk/composer/templates'

const offer = { key: 'a', text: '您的${item}改到{day},单号{{n}}', blanks: ['item', 'day', 'n'], marketing: false }

describe('templates', () => {
  it('reads as the customer will read it', () => {
    expect(wordsOf(offer, { item: '电饭煲', day: '周五', n: '8' })).toBe('您的电饭煲改到周五,单号8')
    expect(wordsOf(offer, { item: ' ' })).toBe('您的[item]改到[day],单号[n]')
    expect([isFilled(offer, { item: 'a', day: 'b', n: 'c' }), isFilled(offer, { item: 'a', day: ' ', n: 'c' })]).toEqual([true, false])
  })

  it('counts parts as carriers do', () => {
    const parts = { one: 70, each: 67, around: 6, framed: 4 }
    expect([0, 60, 61, 124, 125].map((chars) => partsOf(parts, chars))).toEqual([1, 1, 2, 2, 3])
    expect(partsOf(parts, 64, 0)).toBe(1)
  })
})
