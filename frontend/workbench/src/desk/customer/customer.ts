/** The whole view of the customer on the screen; read again when something of his moves, at most every two seconds. */
import { useDebounceFn, useIntervalFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import type { Customer } from '@/client/customer.types'
import * as people from '@/client/people'
import { useThread } from '@/stores/thread'
import { useVisitors } from '@/stores/visitors'

const SETTLE_MS = 2000
/** A page that is left says nothing more: whether he is still there is asked for. */
const STILL_THERE_MS = 60_000

export function useCustomer(contact: () => string) {
  const customer = ref<Customer | null>(null)
  const thread = useThread()
  const visitors = useVisitors()
  const verified = computed(() => customer.value?.identities.some((each) => each.verified_at && !each.claimed && !each.valid_to && (!each.fresh_until || Date.parse(each.fresh_until) > Date.now())) ?? false)

  async function reload(): Promise<void> {
    const wanted = contact()
    const said = await people.customer(wanted).catch(() => null)
    if (wanted === contact() && said) customer.value = said
  }

  const soon = useDebounceFn(reload, SETTLE_MS, { maxWait: 3 * SETTLE_MS })

  watch(
    contact,
    () => {
      customer.value = null
      void reload()
    },
    { immediate: true },
  )
  watch(() => [thread.ticket?.version, thread.messages.length, visitors.moved, thread.told], () => void soon())

  useIntervalFn(() => {
    if (customer.value?.trail?.visit.online) void reload()
  }, STILL_THERE_MS)

  return { customer, verified, reload }
}
