/** A list of the house's set-up: read once, read again after every change; what went wrong is kept to be shown. */
import type { Ref } from 'vue'
import { onMounted, ref, shallowRef } from 'vue'
import { sentenceOf } from '@/composables/problems'
import { attempt } from '@/composables/toast'

export function useList<T>(read: () => Promise<T[]>) {
  const all: Ref<T[]> = shallowRef<T[]>([])
  const loaded = ref(false)
  const problem = ref('')

  async function reload(): Promise<void> {
    try {
      all.value = await read()
      problem.value = ''
    } catch (said) {
      problem.value = sentenceOf(said)
    }
    loaded.value = true
  }

  /** Changes something, then reads the list again. */
  async function change(work: () => Promise<unknown>): Promise<boolean> {
    const ok = await attempt(work)
    if (ok) await reload()
    return ok
  }

  onMounted(reload)
  return { all, loaded, problem, reload, change }
}
