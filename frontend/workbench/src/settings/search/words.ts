/** What the settings say, in both languages whichever is spoken. */
import type { Words } from './index'

type Tree = Record<string, unknown>

function reading(books: Tree[]): Words {
  return (path) => {
    for (const book of books) {
      const said = path.split('.').reduce<unknown>((at, name) => (at as Tree | undefined)?.[name], book)
      if (typeof said === 'string') return said
    }
    return undefined
  }
}

export async function booksOf(): Promise<{ zh: Words; en: Words }> {
  const zh = [import('@/locales/zh-CN/admin.json'), import('@/locales/zh-CN/house.json'), import('@/locales/zh-CN/app.json'), import('@/locales/zh-CN/desk.json'), import('./asked.zh-CN.json')]
  const en = [import('@/locales/en/admin.json'), import('@/locales/en/house.json'), import('@/locales/en/app.json'), import('@/locales/en/desk.json'), import('./asked.en.json')]
  const [chinese, english] = await Promise.all([Promise.all(zh), Promise.all(en)])
  return { zh: reading(chinese.map((book) => book.default)), en: reading(english.map((book) => book.default)) }
}
