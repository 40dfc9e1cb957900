/** The tags that are offered, with their colours. Read when first needed, and again when one turns up that is not known. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Color, Tag } from '@/client/tags'
import * as client from '@/client/tags'

export const useTags = defineStore('tags', () => {
  const all = shallowRef<Tag[]>([])
  const colors = computed(() => new Map(all.value.map((each) => [each.tag, each.color])))
  let asked: Promise<void> | null = null

  async function load(): Promise<void> {
    all.value = await client.offered()
  }

  const ensure = () => (asked ??= load().catch(() => void (asked = null))) // the next who asks tries again
  const color = (tag: string): Color => colors.value.get(tag) ?? ''

  return { all, load, ensure, color }
})
