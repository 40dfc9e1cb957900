/** What the palette offers without asking the server: what can be done now, places, colleagues, states, manners. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { attempt } from '@/composables/toast'
import { offered, type Verbs } from '@/deeds'
import { type DeedName, deedOf, keyOf, NAMES, onKey } from '@/deeds/table'
import { GROUPS, mayOpen } from '@/settings/parts'
import { useDialogs } from '@/stores/dialogs'
import { usePreferences } from '@/stores/preferences'
import { useReference } from '@/stores/reference'
import { useSession } from '@/stores/session'
import { useDoors } from '../doors'

export type Kind = 'action' | 'page' | 'setting' | 'colleague' | 'state' | 'manner' | 'ticket' | 'message' | 'contact'

export interface Choice {
  id: string
  kind: Kind
  title: string
  detail: string
  key?: string
  run: () => unknown
}

export function useChoices() {
  const { t } = useI18n()
  const router = useRouter()
  const session = useSession()
  const preferences = usePreferences()
  const reference = useReference()
  const dialogs = useDialogs()
  const doors = useDoors()

  const actions = computed<Choice[]>(() => {
    const verbs = offered()
    const shown = NAMES.filter((name) => verbs[name] && !deedOf(name).unlisted)
    return shown.map((name) => ({ id: name, kind: 'action', title: t(deedOf(name).word), detail: '', run: () => verbs[name]?.(), ...keyed(name, verbs) }))
  })
  const pages = computed<Choice[]>(() => [
    ...doors.value.map((name): Choice => ({ id: name, kind: 'page', title: t(`nav.${name}`), detail: t('palette.go'), run: () => router.push({ name }) })),
    { id: 'notices', kind: 'page', title: t('nav.notices'), detail: t('palette.go'), run: () => router.push({ name: 'notices' }) },
  ])
  const settings = computed<Choice[]>(() =>
    GROUPS.flatMap(({ parts }) => parts).filter((part) => mayOpen(part, session)).map((part) => ({
      id: part, kind: 'setting', title: t(`settings.${part}`), detail: t('nav.settings'), run: () => router.push({ name: 'settings', params: { part } }),
    })),
  )
  /** A colleague is somebody to hand the work in hand to. */
  const colleagues = computed<Choice[]>(() => {
    const verbs = offered()
    const way = (['transfer', 'assign'] as const).find((name) => verbs[name])
    if (!way) return []
    return reference.house.agents.filter((agent) => agent.id !== session.agent?.id).map((agent) => ({
      id: agent.id, kind: 'colleague', title: agent.name, detail: t(`palette.to_${way}`), run: () => dialogs.open(way, agent.id),
    }))
  })
  const states = computed<Choice[]>(() =>
    (['online', 'busy', 'offline'] as const).map((state) => ({
      id: state, kind: 'state', title: t(`presence.${state}`), detail: t('presence.label'), run: () => attempt(() => session.setPresence(state)),
    })),
  )
  const manners = computed<Choice[]>(() => [
    { id: 'theme', kind: 'manner', title: t(preferences.theme === 'dark' ? 'top.light' : 'top.dark'), detail: '', run: () => (preferences.theme = preferences.theme === 'dark' ? 'light' : 'dark') },
    { id: 'language', kind: 'manner', title: t('top.language'), detail: '', run: () => (preferences.language = preferences.language === 'en' ? 'zh-CN' : 'en') },
    ...(['sound', 'undo', 'onward'] as const).map((name): Choice => ({
      id: name, kind: 'manner', title: t(`top.${name}`), detail: t(preferences[name] ? 'palette.on' : 'palette.off'), run: () => (preferences[name] = !preferences[name]),
    })),
  ])

  return computed(() => [...actions.value, ...pages.value, ...colleagues.value, ...states.value, ...manners.value, ...settings.value])
}

/** On a shared key lies who comes first of those that are offered. */
function keyed(name: DeedName, verbs: Verbs): { key?: string } {
  const key = keyOf(name)
  if (key && onKey(key).find((each) => verbs[each]) !== name) return {}
  return key ? { key } : {}
}
