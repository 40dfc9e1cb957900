/** Names of the house: teams, colleagues, inboxes. Kept until a frame says otherwise. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as auth from '@/client/auth'
import type { Colleague, PresenceState, Reference } from '@/client/types'

const EMPTY: Reference = { teams: [], agents: [], inboxes: [], brands: [], skills: [], types: [], identifiers: [] }

export const useReference = defineStore('reference', () => {
  const house = ref<Reference>(EMPTY)
  const colleagues = computed(() => new Map(house.value.agents.map((agent) => [agent.id, agent])))

  async function load(): Promise<void> {
    house.value = await auth.reference()
  }

  function change(id: string, change: Partial<Colleague>): void {
    const agents = house.value.agents.map((agent) => (agent.id === id ? { ...agent, ...change } : agent))
    house.value = { ...house.value, agents }
  }

  function takePresence(id: string, row: Record<string, unknown>): void {
    const state = row['state'] ?? row['presence']
    if (typeof state === 'string') change(id, { presence: state as PresenceState })
  }

  function takeLoad(id: string, row: Record<string, unknown>): void {
    const live = row['live']
    if (typeof live === 'number') change(id, { live })
  }

  return { house, colleagues, load, takePresence, takeLoad }
})
