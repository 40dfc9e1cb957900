/** How far somebody is with the first five minutes; the server keeps it, so that another device goes on from there. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { Walk } from '@/client/guide'
import * as client from '@/client/guide'
import { readKept, writeKept } from '@/composables/kept'
import { ROOM } from '@/guide/room'
import type { Call, Facts } from '@/guide/steps'
import { after, current, finished, NOTHING, reached, roleOf, skipping, STEPS } from '@/guide/steps'
import { useConversations } from './conversations'
import { useLive } from './live'
import { useOutbox } from './outbox'
import { useSession } from './session'
import { useThread } from './thread'

const WRITTEN = 'guide.written' // of this device: it is what sends them

export const useGuide = defineStore('guide', () => {
  const session = useSession()
  const conversations = useConversations()
  const thread = useThread()
  const outbox = useOutbox()
  const live = useLive()
  const role = computed(() => roleOf(session.agent?.role ?? '', session.may))
  const known = ref<Walk | null>(null)
  const written = ref(readKept<string[]>(WRITTEN, []))
  const meant = computed(() => session.me?.demo === true && session.may('ticket.read'))
  const running = computed(() => meant.value && known.value?.state === 'running')

  /** Of one customer, what began since the guide did: an old story is not his own doing. */
  const channels = computed(() => {
    const began = known.value?.began_at ?? ''
    return new Set(thread.conversations.filter((each) => Date.parse(each.seniority) >= Date.parse(began)).map((each) => each.channel)).size
  })
  const facts = computed<Facts>(() => ({
    online: session.presence.state === 'online', live: conversations.mine.length,
    opened: thread.place !== null && thread.messages.length > 0, channels: channels.value,
    written: written.value, done: known.value?.done ?? NOTHING.done,
  }))
  const step = computed(() => current(role.value, facts.value))
  const progress = computed(() => ({ done: finished(role.value, facts.value), all: STEPS[role.value].length }))
  const settled = ref(false) // it is known whether the guide stands
  const late = ref(false) // something was done that the server has not heard of

  async function load(): Promise<void> {
    if (meant.value && late.value) await keep({})
    else if (meant.value) known.value = await client.walk(role.value).catch(() => known.value)
    settled.value = true
    if (known.value) writeKept(ROOM, running.value)
  }

  /** Without a network it is kept here and told later; nobody is troubled with it. */
  async function keep(change: Partial<Pick<Walk, 'done' | 'state' | 'round'>>): Promise<void> {
    if (!known.value) return
    const anew = change.round !== undefined
    const now = { ...known.value, ...change, done: anew ? [] : [...new Set([...known.value.done, ...(change.done ?? [])])] }
    known.value = now
    late.value = true
    const said = await client.goOn({ course: role.value, round: now.round, done: now.done, ...(change.state ? { state: change.state } : {}) }).catch(() => null)
    if (!said) return
    late.value = false
    known.value = said
  }

  function learn(next: Facts): void {
    const more = [...next.done, ...reached(role.value, next)].filter((key) => !known.value?.done.includes(key))
    if (running.value && more.length) void keep({ done: more })
  }

  const hear = (call: Call) => learn(after(facts.value, call))
  const mark = (key: string) => learn({ ...facts.value, done: [...facts.value.done, key] })
  const skip = () => step.value && void keep({ done: [skipping(step.value)] })
  const leave = () => void keep({ state: 'left' })
  const finish = () => void keep({ state: 'over' })
  const restart = () => void keep({ round: (known.value?.round ?? 1) + 1, state: 'running' })
  /** Where it was left; after its end from the start. */
  const resume = () => (known.value?.state === 'over' ? restart() : void keep({ state: 'running' }))

  /** A message counts as written offline when the network was really gone as it was sent off. */
  watch(() => outbox.all.map((each) => each.client_id), (now, before) => {
    const away = live.lost || !navigator.onLine
    const fresh = now.filter((id) => !before.includes(id))
    if (!running.value || !away || !fresh.length) return
    written.value = [...written.value, ...fresh]
    writeKept(WRITTEN, written.value)
  })
  watch(facts, learn)
  watch([() => session.agent?.id, role, meant], () => {
    known.value = null
    void load()
  }, { immediate: true })
  watch(() => live.state, (state) => state === 'open' && void load())

  return { role, running, settled, step, progress, load, hear, mark, skip, leave, finish, restart, resume }
})
