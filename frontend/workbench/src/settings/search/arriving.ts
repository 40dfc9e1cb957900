/** A page of the settings opened at one field: it is brought into sight, shown for a moment, and has the focus. */
import { nextTick, watch } from 'vue'
import type { Ref } from 'vue'
import { useRoute } from 'vue-router'

const SHOWN_MS = 2400

/** The nearest that stands on the page: a value that is not set has no field of its own, what holds it has. */
export function fieldIn(page: HTMLElement, path: string): HTMLElement | null {
  const parts = path.split('.')
  const within = [...page.querySelectorAll<HTMLElement>('[data-place]')].find((each) => inMap(each.dataset['place'] ?? '', parts))
  if (within) return within
  for (let count = parts.length; count > 0; count--) {
    const at = page.querySelector<HTMLElement>(`[data-place="${CSS.escape(parts.slice(0, count).join('.'))}"]`)
    if (at) return at
  }
  return null
}

/** The members of a map stand below their own names: `targets.high.first_response` is `targets.first_response`. */
function inMap(place: string, wanted: string[]): boolean {
  const rest = place.split('.')
  return rest.at(-1) === wanted.at(-1) && wanted.every((name) => rest.splice(0, rest.indexOf(name) + 1).length > 0)
}

/** Tried whenever `ready` says that the page has more on it. */
export function useArriving(page: Ref<HTMLElement | null>, ready: () => unknown): void {
  const route = useRoute()
  let arrived = ''
  watch([() => route.fullPath, ready, page], async () => {
    const field = route.query['field']
    if (typeof field !== 'string' || arrived === route.fullPath) return
    await nextTick()
    const at = page.value && fieldIn(page.value, field)
    if (!at) return
    arrived = route.fullPath
    at.scrollIntoView({ block: 'center' })
    at.classList.add('arrived')
    setTimeout(() => at.classList.remove('arrived'), SHOWN_MS)
    const value = at.querySelector<HTMLElement>('input, select, textarea') ?? at.querySelector<HTMLElement>('button')
    value?.focus({ preventScroll: true })
  }, { immediate: true, flush: 'post' })
}
