/** Replies of the threads on the screen that wait for a yes, and what became of them within a day. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { HeldReply } from '@/client/words'
import * as words from '@/client/words'

export const useHeld = defineStore('held', () => {
  const all = ref<HeldReply[]>([])
  const seen = new Set<string>()

  async function load(conversations: string[]): Promise<void> {
    const said = await Promise.all(conversations.map((id) => words.heldOf(id)))
    const others = all.value.filter((one) => !conversations.includes(one.conversation_id))
    all.value = [...others, ...said.flat().filter((one) => !seen.has(one.id))]
  }

  function put(one: HeldReply): void {
    all.value = [...all.value.filter((known) => known.id !== one.id), one]
  }

  function dismiss(id: string): void {
    seen.add(id)
    all.value = all.value.filter((one) => one.id !== id)
  }

  return { all, load, put, dismiss }
})
