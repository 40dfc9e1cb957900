/** What an opened decision says, in the reader's words: never an id, never a code. */
import { useI18n } from 'vue-i18n'
import type { Candidate, Coming } from '@/client/types'
import { counted } from '@/composables/times'
import { useWords } from '@/composables/words'

export function useWhyWords() {
  const { t, te } = useI18n()
  const word = useWords()

  /** What keeps somebody from it, or where he stands among those who could take it. */
  function standing(one: Candidate, first: boolean): string {
    if (one.excluded === 'presence' && one.presence) return `${word('presence', one.presence)} ${counted(one.presence_seconds * 1000)}`
    const lacking = one.lacking ?? []
    if (one.excluded === 'skill' && lacking.length) return t('why.lacks', { names: lacking.join(t('why_mark.and')) })
    if (one.excluded) return word('excluded', one.excluded)
    return first ? t('why.first') : one.behind ? word('behind', one.behind) : t('why.then')
  }

  /** By what he is compared, in the order in which it counts. */
  function terms(one: Candidate): string[] {
    const said: (string | false)[] = [
      one.knows && t('why.knows'), one.senior && t('why.senior'), one.level > 0 && t('why.skill_level', { n: one.level }),
      one.wished > 0 && t('why.wished', { n: one.wished }), one.missed && t('why.missed'), one.returned && t('why.returned'),
      one.cap > 0 && t('why.load', { n: one.carried, cap: one.cap }), t('why.room', { n: one.room }),
      one.busy > 0 && t('why.busy', { n: one.busy }), one.idle > 0 && t('why.idle', { time: counted(one.idle * 1000) }),
    ]
    return said.filter((each): each is string => !!each)
  }

  function coming(one: Coming): string {
    const priority = word('priority', one.priority)
    const target = one.target ? t(`due.${one.target}`) : ''
    const overflow = one.length === null ? 'overflow' : one.at ? 'overflow_either' : 'overflow_length'
    const key = one.what === 'overflow' ? overflow : one.what
    return t(`coming.${key}`, { priority, target, team: one.team ?? '', agent: one.agent ?? '', length: one.length ?? 0, now: one.now ?? 0 })
  }

  const ending = (key: string | null) => (key && te(`ending.${key}`) ? t(`ending.${key}`) : t('ending.over'))
  const others = (counts: Record<string, number>) =>
    Object.entries(counts).map(([key, n]) => `${n} ${word('excluded', key)}`).join(t('why_mark.and'))

  return { standing, terms, coming, ending, others }
}
