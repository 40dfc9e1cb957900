/** The whole view of the customer on the screen; read again when something of his moves. */
import { useDebounceFn, useIntervalFn } from '@vueuse/core'
import { computed, onBeforeUnmount, ref, watch } from 'vue'
import type { Customer } from '@/client/customer.types'
import * as people from '@/client/people'
import { useReading } from '@/composables/reading'
import { useCustomers } from '@/stores/customers'
import { useLive } from '@/stores/live'
import { useThread } from '@/stores/thread'
import { useVisitors } from '@/stores/visitors'

/** Everything is on the screen within a second: what is said comes in bursts, what others change does not. */
const SETTLE_MS = 400
const SOON_MS = 120
/** A page that is left says nothing more: whether he is still there is asked for. */
const STILL_THERE_MS = 60_000

export function useCustomer(contact: () => string, whole = false) {
  const customer = ref<Customer | null>(null)
  const missing = ref(false) // he is not there, or not for these eyes
  const { problem, reading } = useReading()
  const thread = useThread()
  const visitors = useVisitors()
  const customers = useCustomers()
  const live = useLive()
  customers.whole = whole
  const verified = computed(() => customer.value?.verified ?? false)

  async function reload(): Promise<void> {
    const wanted = contact()
    const said = await reading<Customer | null>(() => people.customer(wanted), null)
    if (wanted !== contact()) return
    if (said) follow(said)
    else missing.value = said === null && customer.value === null
  }

  function follow(said: Customer): void {
    customer.value = said
    customers.tickets = new Set(said.tickets.map((ticket) => ticket.id))
    const ids = said.members.map((member) => member.id)
    if (ids.join() === customers.watched.join()) return
    customers.watched = ids
    live.rewatch()
  }

  const settled = useDebounceFn(reload, SETTLE_MS, { maxWait: 2 * SETTLE_MS })
  const soon = useDebounceFn(reload, SOON_MS, { maxWait: 3 * SOON_MS })

  watch(
    contact,
    () => {
      customer.value = null
      missing.value = false
      void reload()
    },
    { immediate: true },
  )
  /** Where his browsers are now. */
  const places = computed(() => JSON.stringify(visitors.list.filter((each) => each.contact_id && customers.watched.includes(each.contact_id))))

  watch(() => [thread.ticket?.version, thread.messages.length, thread.told], () => void settled())
  watch(() => `${customers.news} ${places.value}`, () => void soon())

  useIntervalFn(() => {
    if (customer.value?.trail?.visit.online) void reload()
  }, STILL_THERE_MS)
  onBeforeUnmount(() => {
    customers.whole = false
    customers.watched = []
    customers.tickets = new Set()
  })

  return { customer, verified, missing, problem, reload }
}
