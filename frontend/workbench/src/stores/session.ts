/** Who works here, what he may do, and whether he takes work now. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as auth from '@/client/auth'
import { useCsrf } from '@/client/http'
import type { Me, Presence, PresenceState } from '@/client/types'
import { setServerTime } from '@/composables/now'

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const agent = computed(() => me.value?.agent ?? null)
  const presence = computed<Presence>(
    () => me.value?.presence ?? { state: 'offline', reason: null, since: new Date().toISOString() },
  )

  const may = (permission: string) => agent.value?.permissions.includes(permission) ?? false

  async function load(): Promise<boolean> {
    try {
      const said = await auth.me()
      useCsrf(said.csrf)
      setServerTime(said.now)
      me.value = said
    } catch {
      me.value = null
    }
    return me.value !== null
  }

  async function enter(how: Promise<{ csrf: string }>): Promise<void> {
    useCsrf((await how).csrf)
    await load()
  }

  async function leave(): Promise<void> {
    await auth.signOut()
    me.value = null
  }

  async function setPresence(state: PresenceState, reason: string | null = null): Promise<void> {
    takePresence(await auth.setPresence(state, reason))
  }

  function takePresence(presence: Presence): void {
    if (me.value) me.value = { ...me.value, presence }
  }

  function forget(): void {
    me.value = null
  }

  return { me, agent, presence, may, load, enter, leave, setPresence, takePresence, forget }
})
