/** How far somebody is with the first five minutes; kept in this browser, where he may leave it and come back. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { readKept, writeKept } from '@/composables/kept'
import type { Call, Facts } from '@/guide/steps'
import { after, current, finished, NOTHING, roleOf, STEPS } from '@/guide/steps'
import { useConversations } from './conversations'
import { useSession } from './session'
import { useThread } from './thread'

interface Kept { facts: Facts; left: boolean; over: boolean }
const FRESH: Kept = { facts: NOTHING, left: false, over: false }

export const useGuide = defineStore('guide', () => {
  const session = useSession()
  const conversations = useConversations()
  const thread = useThread()
  const role = computed(() => roleOf(session.agent?.role ?? '', session.may))
  const kept = ref<Kept>(FRESH)
  const place = computed(() => `guide.${session.agent?.id ?? ''}`)
  const running = computed(() => session.me?.demo === true && session.may('ticket.read') && !kept.value.left && !kept.value.over)
  const step = computed(() => current(role.value, kept.value.facts))
  const progress = computed(() => ({ done: finished(role.value, kept.value.facts), all: STEPS[role.value].length }))

  watch(place, (now) => (kept.value = readKept(now, FRESH)), { immediate: true })

  function learn(facts: Facts): void {
    if (!running.value) return
    kept.value = { ...kept.value, facts }
    writeKept(place.value, kept.value)
  }

  const hear = (call: Call) => learn(after(kept.value.facts, call))
  const cut = () => learn({ ...kept.value.facts, cut: true })
  const mark = (key: string) => learn({ ...kept.value.facts, done: [...new Set([...kept.value.facts.done, key])] })

  /** Once done stays done, whatever is on the screen afterwards. */
  watch(
    () => ({
      online: session.presence.state === 'online', live: conversations.mine.length,
      opened: thread.place !== null && thread.messages.length > 0, channels: new Set(thread.conversations.map((each) => each.channel)).size,
    }),
    (now) => {
      const before = kept.value.facts
      const more = { ...before, online: before.online || now.online, live: Math.max(before.live, now.live), opened: before.opened || now.opened, channels: Math.max(before.channels, now.channels) }
      if (JSON.stringify(more) !== JSON.stringify(before)) learn(more)
    },
  )

  function put(change: Partial<Kept>): void {
    kept.value = { ...kept.value, ...change }
    writeKept(place.value, kept.value)
  }

  const leave = () => put({ left: true })
  const finish = () => put({ over: true })
  /** Where it was left; after its end from the start. */
  const resume = () => put(kept.value.over ? FRESH : { left: false })

  return { role, running, step, progress, hear, cut, mark, leave, finish, resume }
})
