/** Who works here, what he may do, and whether he takes work now. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as auth from '@/client/auth'
import { forgetAnswers } from '@/client/answers'
import { Problem, signedOut, useCsrf } from '@/client/http'
import type { Me, Presence, PresenceState } from '@/client/types'
import { serverNow, setServerTime } from '@/composables/now'
import * as device from '@/device/device'
import { forgetFiles } from '@/device/files'
import { tell } from '@/device/tabs'

const ME = '/auth/me'
const ANOTHER = 'another_agent'

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const remembered = ref(false) // as this device knows him: the server was not asked yet
  const agent = computed(() => me.value?.agent ?? null)
  const presence = computed<Presence>(
    () => me.value?.presence ?? { state: 'offline', reason: null, since: new Date().toISOString() },
  )

  let loading: Promise<boolean> | null = null

  const may = (permission: string) => agent.value?.permissions.includes(permission) ?? false

  /** Asked for before the page has its words, and again by the first door: one question. */
  function load(): Promise<boolean> {
    return (loading ??= ask().finally(() => (loading = null)))
  }

  async function ask(): Promise<boolean> {
    let said: Me
    try {
      said = await auth.me()
    } catch (problem) {
      await without(problem)
      return me.value !== null
    }
    await ensureSame(said)
    useCsrf(said.csrf)
    setServerTime(said.now)
    await device.begin(said.agent.id)
    void device.write([{ shelf: 'answers', id: ME, value: said }]).catch(() => undefined)
    remembered.value = false
    if (!me.value) tell({ came: said.agent.id })
    me.value = said
    return true
  }

  /** Somebody else signed in here, in another window: nothing of the one before is sent in his name, or shown to him. */
  async function ensureSame(said: Me): Promise<void> {
    if (!me.value || me.value.agent.id === said.agent.id) return
    await giveWay()
    throw new Problem(401, ANOTHER, '')
  }

  async function giveWay(): Promise<void> {
    me.value = null
    forgetAnswers()
    forgetFiles()
    await device.close()
    location.reload()
  }

  /** No network: whoever worked here and did not sign out reads on. No sign-in: that is over. */
  async function without(problem: unknown): Promise<void> {
    const away = problem instanceof Problem && problem.offline
    if (!away) return await end(problem instanceof Problem ? problem.code : '')
    if (me.value) return
    const last = await device.lastOwner()
    if (!last) return
    await device.begin(last)
    const kept = await device.read<Me>('answers', ME)
    if (!kept) return
    useCsrf(kept.value.csrf)
    setServerTime(kept.value.now, kept.at)
    remembered.value = true
    me.value = kept.value
  }

  /** The line broke: because nobody is there, or because this sign-in is over? What the server says of him now. */
  async function check(): Promise<Me | null> {
    try {
      const said = await auth.me()
      await ensureSame(said)
      return said
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 401 && problem.code !== ANOTHER) signedOut(problem.code)
      return null
    }
  }

  /** A sign-in that ran out leaves what its agent wrote; one that somebody ended leaves nothing. */
  async function end(code: string): Promise<void> {
    me.value = null
    forgetAnswers()
    forgetFiles()
    if (code !== 'session_ended') return await device.close()
    tell({ gone: true })
    await device.wipe()
  }

  async function enter(how: Promise<{ csrf: string }>): Promise<void> {
    useCsrf((await how).csrf)
    await load()
  }

  async function leave(): Promise<void> {
    await auth.signOut()
    await end('session_ended')
  }

  async function setPresence(state: PresenceState, reason: string | null = null): Promise<void> {
    takePresence(await auth.setPresence(state, reason))
  }

  function takePresence(presence: Presence): void {
    if (!me.value) return
    me.value = { ...me.value, presence }
    void device.write([{ shelf: 'answers', id: ME, value: { ...me.value, now: new Date(serverNow()).toISOString() } }]).catch(() => undefined)
  }

  return { me, agent, presence, remembered, may, load, check, enter, leave, end, giveWay, setPresence, takePresence }
})
