import { describe, expect, it } from 'vitest'
import { WINDOW_WORDS } from '../src/window/words'
import { dayAndTime, sizeText } from '../src/window/times'
import { learn, speak } from '../src/words'
import { toneOf } from '../src/tone'

describe('words', () => {
  learn(WINDOW_WORDS)

  it('are there in Chinese and in English', () => {
    for (const [word, [zh, en]] of Object.entries(WINDOW_WORDS)) {
      expect(zh, word).toMatch(/[\u4e00-\u9fff]/)
      expect(en, word).not.toMatch(/[\u4e00-\u9fff]/)
      expect(zh.split('%').length, word).toBe(en.split('%').length)
    }
  })

  it('follow the visitor’s language, English where we do not know it', () => {
    expect(speak('zh-TW')('human')).toBe('转人工')
    expect(speak('fr')('human')).toBe('Talk to a person')
    expect(speak('zh-CN')('ahead', 2)).toBe('排队中 · 前面还有 2 位')
  })
})

describe('tone', () => {
  const light = (color: string) => {
    const parts = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
    const [r = 0, g = 0, b = 0] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }

  it.each(['#2563eb', '#0f766e', '#e8590c', '#ffd43b', '#ffffff', '#000000', '#db2777'])('is readable on %s', (brand) => {
    const { on } = toneOf(brand)
    const [low, high] = [light(brand), light(on === '#fff' ? '#ffffff' : on)].sort((a, b) => a - b) as [number, number]
    expect((high + 0.05) / (low + 0.05)).toBeGreaterThan(3.6)
  })

  it('has a colour when the inbox has none that is one', () => {
    expect(toneOf('red').brand).toBe('#2563eb')
    expect(toneOf('#2563eb;background:url(x)').brand).toBe('#2563eb')
  })
})

describe('times and sizes', () => {
  it('name the day only when it is not today', () => {
    const at = new Date(2026, 2, 2, 14, 5).getTime()
    expect(dayAndTime(at, 'zh-CN', at, '今天')).toBe('今天 14:05')
    expect(dayAndTime(at, 'zh-CN', at + 86_400_000, '今天')).toBe('3月2日 14:05')
  })

  it('are short', () => {
    expect([sizeText(1), sizeText(345_678), sizeText(2_500_000)]).toEqual(['1 KB', '338 KB', '2.4 MB'])
  })
})
