/** What a server says of a wrong value, at the field it is about and in words. */
import { reactive } from 'vue'
import { Problem } from '@/client/http'
import { sentenceOf } from '@/composables/problems'
import { i18n } from '@/i18n'

const PATTERNS: [RegExp, string][] = [
  [/^Expected `(?:str|array|object)` of length >= (\d+)/, 'short'],
  [/^Expected `(?:str|array|object)` of length <= (\d+)/, 'long'],
  [/^Expected `\w+` >=? (-?[\d.]+)/, 'least'],
  [/^Expected `\w+` <=? (-?[\d.]+)/, 'most'],
  [/matching regex/, 'form'],
  [/^Expected `int|^Expected `float/, 'number'],
  [/^Expected `str/, 'text'],
  [/^Expected `array/, 'list'],
  [/^Invalid enum value|^Invalid literal/, 'choice'],
  [/missing required field `(\w+)`/, 'missing'],
  [/unknown field `(\w+)`/, 'unknown'],
]

/** Also called when a form begins by a click, where no component is being set up. */
export function useWrong() {
  const t = i18n.global.t as (key: string, gaps?: Record<string, unknown>) => string
  const at = reactive(new Map<string, string>())

  function wordsOf(detail: string): string {
    for (const [pattern, word] of PATTERNS) {
      const found = pattern.exec(detail)
      if (found) return t(`wrong.${word}`, { n: found[1] ?? '' })
    }
    return detail || t('problem.invalid')
  }

  /** In Chinese the server says it itself; else by what it expected. */
  const sentence = (said: Problem) => (i18n.global.locale.value === 'zh-CN' && said.zh ? said.zh : wordsOf(said.detail))

  /** Runs something; a refusal about a field stands at the field, any other at ''. */
  async function tried(work: () => Promise<unknown>): Promise<boolean> {
    at.clear()
    try {
      await work()
      return true
    } catch (said) {
      const about = said instanceof Problem && said.code === 'invalid' && said.field
      if (about) at.set(about.replace(/^(?:data\.)?(?:settings|secrets|body)\.?/, ''), sentence(said as Problem))
      else at.set('', sentenceOf(said))
      return false
    }
  }

  return { at, tried, sentence }
}
