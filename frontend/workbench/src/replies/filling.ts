/** The gaps of a quick reply, and what one of its kind must say. Pure. */
import type { Fact, GapName, QuickReply } from '@/client/replies'
import { VARIABLE as GAP } from '@/desk/composer/unfilled'

const CHINESE = /[\u4e00-\u9fff]/

const SAYS: Record<Fact, RegExp> = {
  order: /[A-Z]{2}-?\d{6,}|\d{8,}/i,
  amount: /[¥￥$]\s*\d|\d(\.\d+)?\s*(元|块|yuan|cny|rmb)/i,
  date: /\d{1,2}\s*月\s*\d{1,2}|\d{1,4}[-/.]\d{1,2}|\d{1,2}[:：]\d{2}|今天|明天|后天|今晚|明早|[\d一二两三四五六七八九十]\s*个?(工作日|小时|分钟|天)|周[一二三四五六日天]|\b(today|tomorrow|tonight|within|working days?|hours?|\w+day|(january|february|march|april|may|june|july|august|september|october|november|december) \d)/i,
  phone: /1[3-9]\d[\d*]{8}|0\d{2,3}-?\d{7,8}|400-?\d{3}/,
  address: /[省市区县路街号弄]|\b(street|road|avenue)\b/i,
  parcel: /\b(SF|JD|YT|ZTO?|STO?)?\d{10,}\b/i,
}

/** By its key; either name of a gap is understood. */
export const keyOfGap = (name: string, gaps: GapName[]): string | undefined =>
  gaps.find((each) => [each.key, each.zh, each.en].some((called) => called.toLowerCase() === name.toLowerCase()))?.key

export function fill(text: string, values: Record<string, string>, gaps: GapName[]): string {
  return text.replace(GAP, (whole, name: string) => values[keyOfGap(name, gaps) ?? ''] ?? whole)
}

/** What the house fills and could not; other braces are the customer's business. */
export const openGaps = (text: string, gaps: GapName[]): string[] =>
  [...new Set([...text.matchAll(GAP)].map((found) => found[1] ?? '').filter((name) => keyOfGap(name, gaps)))]

/** Where the first one stands, to be written over. */
export function firstGap(text: string, gaps: GapName[], after = 0): [number, number] | null {
  const all = [...text.matchAll(GAP)].filter((found) => keyOfGap(found[1] ?? '', gaps))
  const found = all.find((each) => each.index >= after) ?? all[0]
  return found ? [found.index, found.index + found[0].length] : null
}

export const missingFacts = (text: string, facts: readonly Fact[]): Fact[] => facts.filter((fact) => !SAYS[fact].test(text))

/** In the customer's language, as far as his last words tell. */
export const tongueOf = (heard: string): 'zh-CN' | 'en' => (heard.trim() && !CHINESE.test(heard) ? 'en' : 'zh-CN')

export const wordsFor = (reply: QuickReply, heard: string): string => (reply.text_en && tongueOf(heard) === 'en' ? reply.text_en : reply.text)

/** Whether it is for tickets of this type, or of one above it. */
export const isFor = (types: readonly string[], type: string | null | undefined): boolean =>
  !!type && types.some((each) => type === each || type.startsWith(`${each}.`))
