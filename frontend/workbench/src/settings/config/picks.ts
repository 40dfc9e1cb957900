/** Fields whose values people choose by name: teams, types, calendars, priorities, who is told. Null: written freely. */
import { inject } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoleNames } from '@/composables/roles'
import { useTypes, useWords } from '@/composables/words'
import { useReference } from '@/stores/reference'
import { VOCABULARY } from './condition/condition'
import type { Schema } from './schema'

export interface Pick { id: string | number; name: string }
const PRIORITIES = ['priority', 'from_priority', 'to_priority']

export function usePicks() {
  const { t } = useI18n()
  const word = useWords()
  const roleName = useRoleNames()
  const types = useTypes()
  const reference = useReference()
  const book = inject(VOCABULARY, null)
  const named = (what: string): Pick[] => (book?.choices.value ?? []).filter((each) => each.what === what).map((each) => ({ id: each.key, name: each.name }))

  /** One of them. */
  function one(name: string, it: Schema): Pick[] | null {
    if (PRIORITIES.includes(name) && it.type === 'integer') return [4, 3, 2, 1].filter((n) => n >= (it.minimum ?? 1) && n <= (it.maximum ?? 4)).map((n) => ({ id: n, name: word('priority', n) }))
    if (it.type !== 'string') return null
    if (name === 'team') return it.format === 'uuid' ? reference.house.teams.map((each) => ({ id: each.id, name: each.name })) : named('team')
    if (name === 'type') return types.choices().map((each) => ({ id: each.key, name: each.label }))
    if (name === 'calendar') return book?.calendars.value ?? null
    if (name === 'inbox') return named('inbox')
    if (name === 'reply' && book?.replies?.value.length) return book.replies.value
    return null
  }

  /** Any number of them. */
  function several(name: string, item: Schema): Pick[] | null {
    if (item.type !== 'string') return null
    if (name === 'types') return types.choices().map((each) => ({ id: each.key, name: each.label.trim() }))
    if (name !== 'to' || !item.pattern?.includes('role:')) return null
    const words = (/^\^\(([a-z|]+)\|role/.exec(item.pattern)?.[1] ?? '').split('|').filter(Boolean)
    return [...words.map((each) => ({ id: each, name: t(`config_who.${each}`) })), ...named('role').map((each) => ({ id: `role:${each.id}`, name: roleName(String(each.id), each.name) }))]
  }

  return { one, several }
}
