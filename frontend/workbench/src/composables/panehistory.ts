/** On a phone the customer is a page of its own: going back leaves it for the conversation, as everywhere on a phone. */
import type { Ref } from 'vue'
import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { usePanes } from '@/stores/panes'

const PANE = 'customer'

export function usePaneHistory(phone: Ref<boolean>): void {
  const route = useRoute()
  const router = useRouter()
  const panes = usePanes()
  const there = () => route.query['pane'] === PANE

  watch(() => panes.over, (over) => {
    if (over && phone.value && !there()) void router.push({ query: { ...route.query, pane: PANE } })
    if (!over && there()) router.back()
  })
  watch(there, (shown) => {
    if (!shown && panes.over) panes.hide()
  })
}
