/** What people call the values of a field: teams by name, types by theirs, priorities by word. */
import { computed, inject } from 'vue'
import { useI18n } from 'vue-i18n'
import { useTypes, useWords } from '@/composables/words'
import { useReference } from '@/stores/reference'
import { VOCABULARY } from './condition'
import type { AskedField } from './condition'

export interface Named { value: string | number; label: string }
const CHANNELS = ['webchat', 'email', 'generic', 'phone']

export function useNames() {
  const { t, te, locale } = useI18n()
  const word = useWords()
  const types = useTypes()
  const reference = useReference()
  const book = inject(VOCABULARY)
  const title = (field: AskedField) => (locale.value === 'en' ? field.title.en : field.title.zh)
  const byName = computed(() => new Map((book?.fields.value ?? []).map((field) => [field.name, field])))

  /** None: anything may be written. */
  function offered(field: AskedField): Named[] {
    const listed = (book?.choices.value ?? []).filter((each) => each.what === field.name).map((each) => ({ value: field.type === 'number' ? Number(each.key) : each.key, label: locale.value === 'en' ? (each.en ?? each.name) : each.name }))
    if (listed.length) return listed
    if (field.name === 'type' || field.name === 'types') return types.choices().map((each) => ({ value: each.key, label: each.label }))
    if (field.name === 'agent' || field.name === 'owner') return reference.house.agents.map((each) => ({ value: each.id, label: each.name }))
    if (field.name === 'channel') return CHANNELS.filter((each) => te(`channel.${each}`)).map((each) => ({ value: each, label: word('channel', each) }))
    return field.choices.map((each) => ({ value: field.type === 'number' ? Number(each) : each, label: named(field, each) }))
  }

  function named(field: AskedField, value: string): string {
    const group = { priority: 'priority', status: 'status', waiting_reason: 'wait_reason', language: 'condition_language', complaint_grade: 'complaint.grade' }[field.name]
    const path = group ? `${group}.${value}` : ''
    return path && te(path) ? t(path) : te(`config_value.${value}`) ? t(`config_value.${value}`) : value
  }

  return { title, byName, offered }
}
