/** An actor as the journal writes it, as a name. */
import { useI18n } from 'vue-i18n'
import { useReference } from '@/stores/reference'

export function useWho() {
  const { t, te } = useI18n()
  const reference = useReference()
  return (actor: string, name?: string | null): string => {
    if (name) return name
    const [kind = '', id = ''] = actor.split(':')
    if (kind === 'agent') return reference.colleagues.get(id)?.name ?? t('actor.agent')
    return te(`actor.${kind}`) ? t(`actor.${kind}`) : actor
  }
}
