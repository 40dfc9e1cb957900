/** Whose customer is on the screen: his contacts are watched, and news of one of them is counted. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useCustomers = defineStore('customers', () => {
  const watched = ref<string[]>([])
  const tickets = ref(new Set<string>())
  /** All that happened is on the screen, so that each message is news. */
  const whole = ref(false)
  const news = ref(0)

  /** By the contact a frame names, or by his ticket: a patch says only what changed. */
  function hear(e: string, id: string, row: Record<string, unknown>): void {
    if (e !== 'customer' && !whole.value) return
    const contact = row['contact_id']
    if ((typeof contact === 'string' && watched.value.includes(contact)) || tickets.value.has(id)) news.value += 1
  }

  return { watched, tickets, whole, news, hear }
})
