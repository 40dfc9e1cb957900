/** What the server says of a shift that cannot be, in the reader's language. */
import { i18n } from '@/i18n'
import { Problem } from '@/client/http'
import { sentenceOf } from '@/composables/problems'

const SAID: [RegExp, string][] = [
  [/^(?:(?<who>.+): )?overlaps with (?<when>.+)$/, 'overlaps'],
  [/^(?:(?<who>.+): )?on leave (?<when>.+)$/, 'on_leave'],
  [/^(?<when>\S+) is empty/, 'empty'],
  [/^longer than (?<n>\d+) hours$/, 'long'],
  [/^these hours do not exist/, 'no_such_hours'],
  [/^unknown time zone (?<what>.+)$/, 'zone'],
  [/^(?<who>.+) is not in (?:this|the) team/, 'not_member'],
  [/^there is no team (?<what>.+)$/, 'no_team'],
  [/^nobody is called (?<what>.+)$/, 'nobody'],
  [/^several people are called (?<what>.+)$/, 'several'],
  [/is no date such/, 'date'],
  [/is no time such/, 'time'],
  [/is none of/, 'kind'],
  [/^the first line names the columns; missing: (?<what>.+)$/, 'header'],
  [/^the shift has changed/, 'moved'],
  [/^leave ends after it begins/, 'leave_order'],
  [/^this person is on leave/, 'leave_twice'],
  [/^holiday$/, 'holiday'],
]

export function explain(detail: string): string {
  const t = i18n.global.t as (key: string, gaps?: Record<string, unknown>) => string
  const [, day, rest] = /^(\d{4}-\d\d-\d\d): (.*)$/.exec(detail) ?? ['', '', detail]
  for (const [pattern, word] of SAID) {
    const found = pattern.exec(rest ?? detail)
    if (!found) continue
    const gaps = { who: '', when: '', what: '', n: '', ...found.groups }
    const said = t(`roster.wrong.${word}`, gaps)
    return [day, gaps.who && word !== 'not_member' ? gaps.who : '', said].filter(Boolean).join(' · ')
  }
  return detail
}

export const refusalOf = (problem: unknown): string =>
  problem instanceof Problem && ['conflict', 'invalid'].includes(problem.code) ? explain(problem.detail) : sentenceOf(problem)
