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
const CONTROLS = 'button, a, summary, label, select, option, [role=button], [role=tab], [role=option], [role=menuitem], [tabindex="0"]'
const WRITING = 'input, textarea, [contenteditable=true], video, audio'
const nameOf = (element: HTMLElement) => element.textContent.trim().slice(0, 60) || element.getAttribute('aria-label') || element.tagName

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
    const on = event.target as HTMLElement
    const at = on.closest<HTMLElement>(CONTROLS)
    if (at) note({ what: 'click', at: Date.now(), target: nameOf(at), shut: at.matches(':disabled, [aria-disabled=true]') })
    else if (!on.closest(WRITING)) note({ what: 'click', at: Date.now(), target: nameOf(on), shut: true, plain: true })
  })
  // Another device may have gone on meanwhile.
  useEventListener(document, 'visibilitychange', () => document.hidden || void guide.load())
  watch(() => route.name, (page) => note({ what: 'page', at: Date.now(), page: String(page) }))
}
