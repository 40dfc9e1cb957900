/** Fields whose values people choose by name: teams, types, calendars, priorities, who is told. Null: written freely. */
import { inject } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoleNames } from '@/composables/roles'
import { useTypes, useWords } from '@/composables/words'
import { titleOf } from '@/notices/words'
import { useReference } from '@/stores/reference'
import { useKeys } from './keys'
import { VOCABULARY } from './condition/condition'
import type { Schema } from './schema'

export interface Pick { id: string | number; name: string }
const PRIORITIES = ['priority', 'from_priority', 'to_priority']

export function usePicks() {
  const { t, tm } = useI18n()
  const keys = useKeys()
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
    if (name === 'follow_up_team') return named('team')
    if (name === 'inbox' || name === 'mail') return named('inbox')
    if (name === 'reply' && book?.replies?.value.length) return book.replies.value
    return null
  }

  /** Any number of them. */
  function several(name: string, item: Schema): Pick[] | null {
    if (item.type !== 'string') return null
    if (name === 'types' || name === 'never_confirmed') return types.choices().map((each) => ({ id: each.key, name: each.label.trim() }))
    if (name === 'unprompted' || name === 'never_on') return keys.channels().filter((each) => each !== 'default').map((each) => ({ id: each, name: keys.word(each) }))
    if (name === 'only') return within(book?.document?.value?.['scope'])
    if (name === 'add_tags' || name === 'remove_tags') return named('tags').length ? named('tags') : null
    if (name === 'reasons') return Object.keys(tm('outlet.about')).map((each) => ({ id: `${each}.*`, name: t(`outlet.about.${each}`) }))
    return item.pattern?.includes('role:') ? people(item.pattern) : null
  }

  /** Of what an alert is counted by; of the whole house there is only one. */
  function within(scope: unknown): Pick[] {
    if (scope === 'channel') return Object.keys(tm('channel')).map((each) => ({ id: each, name: keys.word(each) }))
    return scope === 'team' || scope === 'inbox' ? named(scope) : []
  }

  /** Who is told: by what one is of the work, by role, by team. */
  function people(pattern: string): Pick[] {
    const words = (/^\^\(([a-z|]+)\|role/.exec(pattern)?.[1] ?? '').split('|').filter(Boolean)
    const teams = pattern.includes('team:') ? named('team').map((each) => ({ id: `team:${each.id}`, name: each.name })) : []
    return [...words.map((each) => ({ id: each, name: t(`config_who.${each}`) })), ...named('role').map((each) => ({ id: `role:${each.id}`, name: t('config.role_of', { name: roleName(String(each.id), each.name) }) })), ...teams]
  }

  /** What a document names and nobody offers stays to be seen, as a word where there is one. */
  const lost = (name: string, id: string): string => (name === 'reasons' ? (id === '*' ? t('outlet.about_all') : titleOf({ why: id.replace(/\.\*$/, '') })) : keys.word(id))

  return { one, several, lost }
}
