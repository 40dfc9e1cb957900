/** The promise in what is being written: asked of the server when the writer rests, offered, and given with the reply. */
import { useDebounceFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import type { Ref } from 'vue'
import type { Found, Given } from '@/client/promises'
import * as promises from '@/client/promises'

const REST_MS = 350
/** Without a word of time there is nothing to ask about. */
const TIME = /[0-9０-９一二三四五六七八九十两半]|今|明|后天|周|月底|[上下]午|晚|下班|today|tonight|tomorrow|within|hour|day|week|noon|\bby\b/i

export function usePromising(text: Ref<string>, note: Ref<boolean>) {
  const found = ref<Found | null>(null)
  const accepted = ref(false)
  let asked = 0

  const ask = useDebounceFn(async (words: string) => {
    const mine = ++asked
    const said = await promises.recognise(words).catch(() => null) // nothing offered is no harm
    if (mine !== asked || words !== text.value) return
    if (!said) accepted.value = false
    found.value = said
  }, REST_MS)

  watch([text, note], ([words, isNote]) => {
    if (!isNote && words.length >= 6 && TIME.test(words)) void ask(words)
    else {
      asked++
      found.value = null
      accepted.value = false
    }
  })

  const given = computed<Given | null>(() => (accepted.value && found.value ? { ...found.value } : null))
  const toggle = () => (accepted.value = !accepted.value)
  return { found, accepted, given, toggle }
}

export type Promising = ReturnType<typeof usePromising>
