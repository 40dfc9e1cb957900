/** The library of quick replies, asked for when it is first used, and what is known of the conversations at hand. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { GapName, QuickReply } from '@/client/replies'
import * as wire from '@/client/replies'

const FRESH_MS = 5 * 60_000
const KNOWN = 8 // conversations: as many as one answers in turn

export const useReplies = defineStore('replies', () => {
  const items = shallowRef<QuickReply[]>([])
  const gaps = shallowRef<GapName[]>([])
  const known = ref(new Map<string, Record<string, string>>())
  let read = 0

  async function load(anew = false): Promise<void> {
    if (!anew && Date.now() - read < FRESH_MS) return
    const told = await wire.library()
    items.value = told.items
    gaps.value = told.gaps
    read = Date.now()
  }

  /** Asked anew for every conversation: another has another order. */
  async function know(conversation: string): Promise<void> {
    const told = await wire.gapsOf(conversation)
    known.value = new Map([...known.value].filter(([id]) => id !== conversation).slice(1 - KNOWN).concat([[conversation, told]]))
  }

  const valuesOf = (conversation: string | null) => known.value.get(conversation ?? '') ?? {}
  return { items, gaps, valuesOf, load, know }
})
