/** What the rows of a map may be called, where the house knows it: chosen by name. Null: written freely. */
import type { InjectionKey, Ref } from 'vue'
import { inject } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoleNames } from '@/composables/roles'
import { useReference } from '@/stores/reference'
import { VOCABULARY } from './condition/condition'

export interface Named { id: string; name: string }

/** Where a map stands and its first row: what its rows share is explained there alone. */
export const FIRST_OF_MAP: InjectionKey<{ of: string; key: Readonly<Ref<string>> }> = Symbol('first of a map')

const PRIORITIES = ['urgent', 'high', 'medium', 'low']
const LISTED: Record<string, string[]> = {
  by_priority: PRIORITIES,
  sla_policy_targets: [...PRIORITIES, 'any'],
  complaints_clocks: ['ordinary', 'major', 'crisis', 'any'],
  progress_words: ['accepted', 'transferred', 'solution', 'done'],
  monitor_targets: [
    'queue_length', 'queue_longest', 'unassigned', 'unassigned_longest', 'unanswered', 'unanswered_longest', 'sla_warned', 'sla_breached', 'room',
    'answer_rate', 'abandon_rate', 'miss_rate', 'service_level', 'handover_wait', 'first_response', 'csat', 'solved_rate',
  ],
  calendar_name: ['zh', 'en'],
  working_days: ['12315', '12345', 'consumer', 'miit', 'heimao', 'platform'],
}
const BY_CHANNEL = ['end_s', 'confirm_s', 'weights', 'wrap_up_s']
/** A family of channels is one rule for all of it. */
const FAMILIES = ['wechat', 'default']

export function useKeys() {
  const { t, te, tm } = useI18n()
  const roleName = useRoleNames()
  const reference = useReference()
  const book = inject(VOCABULARY, null)

  /** A word of this kind of document comes first. */
  function word(key: string): string {
    const role = book?.choices.value.find((each) => each.what === 'role' && each.key === key)
    if (role) return roleName(key, role.name)
    const skill = reference.house.skills.find((each) => each.key === key)
    if (skill) return skill.name
    const known = [`config_channel.${key}`, `config_value_of.${book?.kind.value ?? ''}_${key}`, `channel.${key}`, `config_value.${key}`, `complaint.source.${key}`].find((path) => te(path))
    return known ? t(known) : key
  }

  const channels = (): string[] => [...Object.keys(tm('channel')), ...FAMILIES]

  function keysOf(map: string): Named[] | null {
    const listed = LISTED[`${book?.kind.value ?? ''}_${map}`] ?? LISTED[map]
    if (listed) return listed.map((id) => ({ id, name: word(id) }))
    if (BY_CHANNEL.includes(map)) return [...new Set(channels())].map((id) => ({ id, name: word(id) }))
    if (map === 'limits') return (book?.choices.value ?? []).filter((each) => each.what === 'role').map((each) => ({ id: each.key, name: word(each.key) }))
    if (map === 'skills') return reference.house.skills.map((each) => ({ id: each.key, name: each.name }))
    return null
  }

  return { keysOf, channels, word }
}
