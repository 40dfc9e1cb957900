import type { WINDOW_WORDS } from './window/words'

/** The words of the button and the bubble over it: Chinese first, English second. `%` is the one value of a sentence. */
const WORDS = {
  open: ['打开在线客服', 'Open chat'],
  unread: ['% 条未读消息', '% unread messages'],
  close: ['收起', 'Close'],
  reply: ['回复', 'Reply'],
} as const

export type Word = keyof typeof WORDS | keyof typeof WINDOW_WORDS
export type Table = Record<string, readonly [string, string]>
export type Say = (word: Word, value?: string | number) => string

const table: Table = { ...WORDS }

/** The window brings its own words when it is loaded. */
export const learn = (more: Table): Table => Object.assign(table, more)

export const speak = (locale: string): Say => {
  const column = locale.startsWith('zh') ? 0 : 1
  return (word, value = '') => (table[word]?.[column] ?? '').replace('%', String(value))
}
