/** Where the customer is shown: beside the thread where there is room, over it where there is not. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { useMedia } from '@/composables/media'
import { usePreferences } from './preferences'

export const usePanes = defineStore('panes', () => {
  const preferences = usePreferences()
  const { narrow } = useMedia()
  const over = ref(false)

  function toggle(): void {
    if (narrow.value) over.value = !over.value
    else preferences.customer = !preferences.customer
  }

  function show(): void {
    if (narrow.value) over.value = true
    else preferences.customer = true
  }

  const hide = () => (over.value = false)

  return { over, toggle, show, hide }
})
