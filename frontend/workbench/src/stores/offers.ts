/** 转接 requests of colleagues, until they are answered or run out. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as desk from '@/client/desk'
import type { Offer } from '@/client/types'
import { useNow } from '@/composables/now'

export const useOffers = defineStore('offers', () => {
  const all = ref<Offer[]>([])
  const now = useNow()
  const open = computed(() => all.value.filter((offer) => Date.parse(offer.expires_at) > now.value))

  async function reload(): Promise<void> {
    all.value = await desk.offers()
  }

  function put(offer: Offer): void {
    all.value = [...all.value.filter((each) => each.id !== offer.id), offer]
  }

  function gone(id: string): void {
    all.value = all.value.filter((offer) => offer.id !== id)
  }

  async function accept(id: string): Promise<void> {
    await desk.acceptOffer(id)
    gone(id)
  }

  async function decline(id: string, reason: string): Promise<void> {
    await desk.declineOffer(id, reason)
    gone(id)
  }

  return { open, reload, put, gone, accept, decline }
})
