/** A refusal as a sentence that says what to do. The server's own words stand behind it where they say more. */
import { Problem } from '@/client/http'
import { i18n, refusalIn } from '@/i18n'

export function sentenceOf(problem: unknown): string {
  if (!(problem instanceof Problem)) return problem instanceof Error ? problem.message : String(problem)
  const chinese = i18n.global.locale.value === 'zh-CN' ? problem.zh : undefined
  return refusalIn(problem.detail) ?? chinese ?? byCode(problem)
}

function byCode(problem: Problem): string {
  const t = i18n.global.t as (key: string, gaps?: Record<string, unknown>) => string
  const te = i18n.global.te as (key: string) => boolean
  const english = i18n.global.locale.value === 'en'
  const { code, detail, field, retryAfter } = problem
  if (code === 'rate_limited' && retryAfter) return t('problem.rate_limited_for', { seconds: retryAfter })
  if (code === 'invalid' && field) return withWords(t('problem.invalid_field', { field }), detail)
  const known = te(`problem.${code}`) ? t(`problem.${code}`) : t(problem.offline ? 'problem.unavailable' : 'problem.internal')
  return code === 'invalid' || english ? withWords(known, detail) : known
}

const withWords = (sentence: string, detail: string) => (detail ? `${sentence} (${detail})` : sentence)
