/** Sentences of the house come with a code and what fills its gaps, and are said in the reader's language. */
import { useI18n } from 'vue-i18n'
import { useTypes } from './words'

export interface Said {
  text: string
  code?: string | null
  parts?: Record<string, string> | null
}

export function useSaid() {
  const { t, te, locale } = useI18n()
  const types = useTypes()

  /** What the house named itself comes with its English name beside it. */
  const named = (parts: Record<string, string>, name: string, part: string) => (locale.value === 'en' && parts[`${name}_en`]) || part

  function worded(parts: Record<string, string>): Record<string, string> {
    const own = Object.entries(parts).map(([name, part]) => [name, name.startsWith('type_') ? types.name(part) : te(`said_part.${name}.${part}`) ? t(`said_part.${name}.${part}`, parts) : named(parts, name, part)])
    const said: Record<string, string> = Object.fromEntries(own)
    return { ...said, facts: [said['team'], said['load'], said['him']].filter(Boolean).join(t('said_part.and')) }
  }

  /** The words as they were stored, where nobody knows better. */
  return ({ text, code, parts }: Said): string => (code && te(`said.${code}`) ? t(`said.${code}`, worded(parts ?? {})) : text)
}

/** A line of the thread keeps its code and its parts in what it carries. */
export function lineOf(message: { text: string; payload?: Record<string, unknown> | null }): Said {
  const { code, ...rest } = message.payload ?? {}
  const parts = Object.entries(rest).filter((part): part is [string, string] => typeof part[1] === 'string')
  return { text: message.text, code: typeof code === 'string' ? code : null, parts: Object.fromEntries(parts) }
}
