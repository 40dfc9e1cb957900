/** A list of the house's set-up: read once, read again after every change. */
import type { Ref } from 'vue'
import { onMounted, ref, shallowRef } from 'vue'
import { attempt } from '@/composables/toast'

export function useList<T>(read: () => Promise<T[]>) {
  const all: Ref<T[]> = shallowRef<T[]>([])
  const loaded = ref(false)

  async function reload(): Promise<void> {
    await attempt(async () => {
      all.value = await read()
    })
    loaded.value = true
  }

  /** Changes something, then reads the list again. */
  async function change(work: () => Promise<unknown>): Promise<boolean> {
    const ok = await attempt(work)
    if (ok) await reload()
    return ok
  }

  onMounted(reload)
  return { all, loaded, reload, change }
}
