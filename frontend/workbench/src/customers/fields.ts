/** Values of customer fields in the words of the reader. */
import { useI18n } from 'vue-i18n'
import type { FieldSpec } from '@/client/customers'
import { useTimes } from '@/composables/times'

export interface Labelled {
  type: string
  personal?: boolean
  label_zh?: string | null
  label_en?: string | null
  options?: FieldSpec['options']
}

export function useShown() {
  const { t, locale } = useI18n()
  const times = useTimes()
  return (field: Labelled, value: unknown): string => {
    const zh = locale.value.startsWith('zh')
    const option = field.options?.find((each) => each.key === value)
    const label = option ? (zh ? option.zh : option.en) : zh ? field.label_zh : field.label_en
    if (label) return label
    if (value === null || value === undefined || value === '') return '—'
    if (field.type === 'bool') return t(value ? 'profile.yes' : 'profile.no')
    if (field.type === 'moment' && !field.personal) return times.full(String(value))
    return String(value)
  }
}
