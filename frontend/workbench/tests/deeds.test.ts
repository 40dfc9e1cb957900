/** One table of deeds: no key means two things in one place, and every deed has a word in both languages. */
import { expect, test } from 'vitest'
import table from '../../../src/yizhan/foundation/text/pinyin.txt?raw'
import { fits, read, sound } from '@/composables/sounding'
import { deedOf, keyOf, NAMES, onKey, type Place } from '@/deeds/table'

type Tree = { [key: string]: string | Tree }
const files = import.meta.glob<{ default: Tree }>('../src/locales/*/*.json', { eager: true })
const SOUNDS = read(table)

/** The books of the desk are many files laid over each other. */
function said(language: string, word: string): boolean {
  const [section = '', name = ''] = word.split('.')
  return Object.entries(files).some(([path, { default: book }]) => path.includes(`/${language}/`) && typeof (book[section] as Tree | undefined)?.[name] === 'string')
}

test.each<Place>(['desk', 'review'])('no key means two things on the %s', (place) => {
  const keys = NAMES.filter((name) => [place, 'shell'].includes(deedOf(name).place)).flatMap((name) => deedOf(name).key ?? [])
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
})

test('what shares a key shares one that there is, and comes after its owner', () => {
  for (const name of NAMES.filter((each) => deedOf(each).shares)) expect(keyOf(name), name).toBeTruthy()
  expect(onKey('e')).toEqual(['end', 'submit', 'confirm', 'reopen'])
})

test('the text field hears its own keys', () => expect(onKey('mod+Enter')).toEqual([]))

test.each(['zh-CN', 'en'])('every deed has its word in %s', (language) => {
  expect(NAMES.filter((name) => !said(language, deedOf(name).word))).toEqual([])
})

test('words are found as they are written, by their sound, their initials, and with letters left out', () => {
  const transfer = sound('转接', SOUNDS)
  for (const typed of ['转', '转接', 'zhuanjie', 'zj', 'jie', 'ZJ', 'zhuan jie']) expect(fits(typed, transfer), typed).toBeGreaterThan(50)
  for (const typed of ['jj', 'huan', 'x']) expect(fits(typed, transfer), typed).toBe(0)
  expect(fits('trf', sound('Transfer', SOUNDS))).toBeGreaterThan(0)
  expect(fits('转接', transfer)).toBeGreaterThan(fits('zj', transfer))
})
