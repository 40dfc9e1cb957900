import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { looksIn, type Look } from '../look'
import { WORDS } from '../look/words'
import { toneOf } from '../src/tone'
import { dayAndTime, sizeText } from '../src/view/times'

describe('the look', () => {
  it('says everything in Chinese and in English', () => {
    for (const [word, [zh, en]] of Object.entries(WORDS)) {
      expect(zh, word).toMatch(/[\u4e00-\u9fff]/)
      expect(en, word).not.toMatch(/[\u4e00-\u9fff]/)
      expect(zh.split('%').length, word).toBe(en.split('%').length)
    }
  })

  it('is one language, its icons and its styles', () => {
    const { version, looks } = looksIn(join(import.meta.dirname, '../look'))
    const [zh, en] = looks as [Look, Look]
    expect(JSON.stringify(zh).startsWith(`{"version":"${version}"`)).toBe(true)
    expect([zh.words.human, en.words.human]).toEqual(['转人工', 'Talk to a person'])
    expect(Object.keys(zh.words)).toEqual(Object.keys(WORDS))
    expect(zh.styles).toContain('.launcher{')
    expect(zh.styles).toContain('.window{')
    expect([...zh.emoji].filter((sign) => sign === '\u{fe0f}')).toEqual([])
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
