/** Whose customer is on the screen, and which rows of the list: their contacts are watched, and news is counted. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useCustomers = defineStore('customers', () => {
  const watched = ref<string[]>([])
  const tickets = ref(new Set<string>())
  /** All that happened is on the screen, so that each message is news. */
  const whole = ref(false)
  const news = ref(0)
  /** Whether the list is on the screen, and the contacts of its rows that are in sight. */
  const listing = ref(false)
  const listed = ref<string[]>([])
  /** Contacts in sight of whom there is news; somebody who may belong on the list; a line that was away. */
  const touched = ref<string[]>([])
  const moved = ref(0)
  const returned = ref(0)
  const holders = new Map<string, string>() // whose tickets and conversations the rows in sight have

  /** By the contact a frame names, or by his ticket: a patch says only what changed. */
  function hear(e: string, id: string, row: Record<string, unknown>): void {
    if (e === 'customers') return void (moved.value += 1)
    if (listing.value) hearRow(id, row)
    if (e !== 'customer' && !whole.value) return
    const contact = row['contact_id']
    if ((typeof contact === 'string' && watched.value.includes(contact)) || tickets.value.has(id)) news.value += 1
  }

  function hearRow(id: string, row: Record<string, unknown>): void {
    const named = row['contact_id']
    const contact = typeof named === 'string' ? named : holders.get(id)
    if (!contact || !listed.value.includes(contact)) return
    holders.set(id, contact)
    touched.value = [...touched.value, contact]
  }

  function leaveList(): void {
    listing.value = false
    listed.value = []
    touched.value = []
    holders.clear()
  }

  return { watched, tickets, whole, news, listing, listed, touched, moved, returned, hear, leaveList }
})
