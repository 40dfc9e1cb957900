/** The library of quick replies, asked for when it is first used, and what is known of the conversation at hand. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { GapName, QuickReply } from '@/client/replies'
import * as wire from '@/client/replies'

const FRESH_MS = 5 * 60_000

export const useReplies = defineStore('replies', () => {
  const items = shallowRef<QuickReply[]>([])
  const gaps = shallowRef<GapName[]>([])
  const values = ref<Record<string, string>>({})
  let [of, read] = ['', 0]

  async function load(anew = false): Promise<void> {
    if (!anew && Date.now() - read < FRESH_MS) return
    const told = await wire.library()
    items.value = told.items
    gaps.value = told.gaps
    read = Date.now()
  }

  /** Asked anew for every conversation: another has another order. */
  async function know(conversation: string): Promise<void> {
    if (of !== conversation) values.value = {}
    of = conversation
    const told = await wire.gapsOf(conversation)
    if (of === conversation) values.value = told
  }

  return { items, gaps, values, load, know }
})
