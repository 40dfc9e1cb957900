/** A variable that nobody filled, such as {{订单号}}: the first send stops at it, a second one that was meant goes. */
import { computed, ref, type Ref, watch } from 'vue'
import { steadyNow } from '@/composables/now'

export const VARIABLE = /\{\{\s*([^{}\n]{1,40}?)\s*\}\}/g
const READ_MS = 700 // sooner nobody has read why it did not go

export interface Unfilled {
  name: string
  from: number
  to: number
}

export const unfilledIn = (text: string): Unfilled[] =>
  [...text.matchAll(VARIABLE)].map((found) => ({ name: found[1] ?? '', from: found.index, to: found.index + found[0].length }))

export function useUnfilled(text: Ref<string>, note: Ref<boolean>, place: () => string | null, field: () => HTMLTextAreaElement | null) {
  const since = ref<number | null>(null) // when it stopped
  const names = computed(() => (since.value === null ? [] : [...new Set(unfilledIn(text.value).map((each) => each.name))]))
  watch([text, note, place], () => (since.value = null), { flush: 'sync' })

  /** Colleagues may be written to in braces. */
  function stops(): boolean {
    const first = note.value ? undefined : unfilledIn(text.value)[0]
    if (!first || (since.value !== null && steadyNow() - since.value >= READ_MS)) return false
    since.value ??= steadyNow()
    field()?.focus()
    field()?.setSelectionRange(first.from, first.to)
    return true
  }

  return { names, stops }
}
