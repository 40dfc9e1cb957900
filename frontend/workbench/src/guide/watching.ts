/** What happens on the screen, for the guide and for hints. */
import { useEventListener } from '@vueuse/core'
import { onScopeDispose, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import { onAnswered } from '@/client/http'
import { say } from '@/composables/toast'
import { useGuide } from '@/stores/guide'
import type { Happening } from './lost'
import { hintOf } from './lost'

const KEPT = 40

export function useWatching(help: () => void): void {
  const { t } = useI18n()
  const route = useRoute()
  const guide = useGuide()
  let happened: Happening[] = []
  let last = -Infinity

  function note(happening: Happening): void {
    happened = [...happened, happening].slice(-KEPT)
    const hint = hintOf(happened, last)
    if (!hint) return
    last = happening.at
    say(t(`hint.${hint}`), { action: { text: t('hint.help'), run: help } })
  }

  onScopeDispose(onAnswered((call, refused) => {
    const writes = call.method !== 'GET'
    if (refused && writes) note({ what: 'refused', at: Date.now(), code: refused })
    if (refused) return
    if (writes) note({ what: 'done', at: Date.now() })
    guide.hear(call)
  }))
  useEventListener(document, 'pointerdown', (event) => {
    const at = (event.target as HTMLElement).closest<HTMLElement>('button, a, [role=button], [role=tab]')
    if (at) note({ what: 'click', at: Date.now(), target: at.textContent.trim() || at.getAttribute('aria-label') || at.tagName, shut: at.matches(':disabled, [aria-disabled=true]') })
  })
  // Another device may have gone on meanwhile.
  useEventListener(document, 'visibilitychange', () => document.hidden || void guide.load())
  watch(() => route.name, (page) => note({ what: 'page', at: Date.now(), page: String(page) }))
}
