/** How many threads are seen, and where the customer is shown: beside them where there is room, over them where there is not. */
import { useWindowSize } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useMedia } from '@/composables/media'
import { first, room } from '@/desk/split/set'
import { usePreferences } from './preferences'
import { type Place, useThreads } from './thread'

const RAIL_PX = 72
const LIST_PX = 320
const SMALL_LIST_PX = 288
const COMPACT_PX = 680

export const usePanes = defineStore('panes', () => {
  const preferences = usePreferences()
  const threads = useThreads()
  const { narrow, phone } = useMedia()
  const { width } = useWindowSize()
  const over = ref(false)
  const dragged = shallowRef<Place | null>(null) // a row of the list on its way to the threads

  const split = computed(() => !phone.value && threads.panes.length > 1)
  const own = computed(() => width.value - RAIL_PX - (narrow.value ? SMALL_LIST_PX : LIST_PX))
  const fit = computed(() => room(own.value, width.value, threads.panes.length, preferences.customer))
  const beside = computed(() => !narrow.value && fit.value.aside)
  const from = computed(() => first(threads.panes.indexOf(threads.used), threads.panes.length, fit.value.shown))
  /** The panes that are seen. */
  const shown = computed(() => threads.panes.slice(from.value, from.value + fit.value.shown))
  /** Room for one word, as on a phone. */
  const compact = computed(() => phone.value || (split.value && fit.value.px < COMPACT_PX))

  function toggle(): void {
    if (beside.value) preferences.customer = !preferences.customer
    else over.value = !over.value
  }

  function show(): void {
    if (beside.value) preferences.customer = true
    else over.value = true
  }

  const hide = () => (over.value = false)

  return { over, dragged, split, fit, from, shown, beside, compact, toggle, show, hide }
})
