/** Every message of every language compiles, and both languages say the same things with the same gaps to fill. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createI18n } from 'vue-i18n'

type Tree = { [key: string]: string | Tree }

const LANGUAGES = ['zh-CN', 'en'] as const
const files = import.meta.glob<{ default: Tree }>('../src/**/locales/**/*.{json,ts}', { eager: true })

function flat(tree: Tree, prefix: string): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  )
}

function messages(language: string): Map<string, string> {
  const own = Object.entries(files).filter(([path]) => path.split(/[/.]/).includes(language))
  return new Map(own.flatMap(([path, file]) => flat(file.default, `${path.replace(language, '*')}:`)))
}

const gaps = (message: string) => [...new Set(message.match(/\{\s*\w+\s*\}/g))].sort()

describe.each(LANGUAGES)('%s', (language) => {
  const problems: unknown[] = []
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation((text) => void problems.push(text)))
  afterEach(() => vi.restoreAllMocks())

  test('every message compiles', () => {
    const all = messages(language)
    expect(all.size).toBeGreaterThan(0)
    for (const [key, message] of all) {
      const { t } = createI18n({ legacy: false, locale: language, messages: { [language]: { message } } }).global
      expect(() => t('message', {}, 1), key).not.toThrow()
      expect(problems, `${key}: ${message}`).toEqual([])
    }
  }, 60_000)
})

test('both languages have the same messages', () => {
  const [chinese, english] = LANGUAGES.map(messages)
  expect([...chinese!.keys()].sort()).toEqual([...english!.keys()].sort())
})

test('both languages fill the same gaps', () => {
  const [chinese, english] = LANGUAGES.map(messages)
  const unlike = [...chinese!].filter(([key, text]) => `${gaps(text)}` !== `${gaps(english!.get(key) ?? '')}`)
  expect(unlike.map(([key]) => key)).toEqual([])
})
