/**
 * Drafts go to the server when the hand rests, the field is left or the page goes, and are looked for when a
 * conversation is opened or the server says that one changed. This device knows which draft it last saw there: a copy
 * of it that nobody touched here follows; else another one is shown beside its own, and neither is written over unless
 * its writer says so.
 */
import { watchDebounced } from '@vueuse/core'
import { effectScope, shallowReactive, watch } from 'vue'
import type { OtherDraft } from '@/client/drafts'
import * as client from '@/client/drafts'
import { Problem } from '@/client/http'
import type { Written } from '@/composables/drafts'
import { replaceDraft, useTold, useTouched, versions, written } from '@/composables/drafts'
import * as device from '@/device/device'
import { hear, tell } from '@/device/tabs'
import { useLive } from '@/stores/live'
import { useSession } from '@/stores/session'
import { useThreads } from '@/stores/thread'
import { deviceKind, EMPTY, joined, print, sendable } from './comparing'

interface Seen {
  version: string | null
  said: string
  tried?: string[] // were on their way since, and perhaps arrived unheard
}

const REST_MS = 2000
const MOST_TRIED = 20
const LOOK_MS = 400 // whoever leafs through his work asks nothing

const seen = new Map<string, Seen>()
const resting = new Map<string, ReturnType<typeof setTimeout>>()
const busy = new Set<string>()
const news = new Map<string, string | null>() // of what was on its way just then
/** What lies on the server from another device, by conversation. */
const others = shallowReactive(new Map<string, OtherDraft>())
let lookedAt: string[] = []
let running: (() => void) | null = null

export const useOthers = () => others

/** From signing in to signing out. */
export async function carry(): Promise<void> {
  const session = useSession()
  if (running || !session.may('message.reply')) return
  const scope = effectScope(true)
  running = () => scope.stop()
  await remember()
  if (!session.agent) return stop()
  scope.run(() => {
    const live = useLive()
    watch(useTouched(), ({ conversation }) => rest(conversation), { flush: 'sync' }) // a field that is left at once is left with it
    watchDebounced(() => here().join(), lookAtNew, { debounce: LOOK_MS, immediate: true })
    watch(useTold(), (said) => said && told(said.conversation, said.version), { flush: 'sync' })
    watch(() => live.state, (state) => state === 'open' && catchUp())
    watch(() => session.agent, (agent) => agent || stop(), { flush: 'sync' }) // before the words here are forgotten
  })
  const deaf = hear(({ carried }) => carried?.owner === device.currentOwner() && note(carried.id, carried.value as Seen | undefined))
  running = () => (scope.stop(), deaf())
  document.addEventListener('focusout', hurry)
  document.addEventListener('visibilitychange', turned)
  window.addEventListener('pagehide', farewell)
}

/** The conversations that are written to on the screen. */
const here = () => useThreads().all.flatMap((thread) => thread.currentId ?? [])

function lookAtNew(): void {
  const [before, now] = [lookedAt, here()]
  lookedAt = now
  for (const id of now.filter((each) => !before.includes(each))) void look(id)
}

function stop(): void {
  running?.()
  running = null
  resting.forEach((timer) => clearTimeout(timer))
  for (const each of [resting, seen, others, news]) each.clear()
  lookedAt = []
  document.removeEventListener('focusout', hurry)
  document.removeEventListener('visibilitychange', turned)
  window.removeEventListener('pagehide', farewell)
}

/** What an earlier page left unsaid goes now: words that did not arrive, and the end of those that were sent. */
async function remember(): Promise<void> {
  for (const { id, value } of await device.readAll<Seen>('carried')) note(id, value)
  const kept = await device.readAll<Written>('drafts')
  for (const { id, value } of kept) if (print(value) !== seen.get(id)?.said) rest(id)
  const here = new Set(kept.map((each) => each.id))
  for (const id of seen.keys()) if (!here.has(id)) rest(id)
}

function rest(conversation: string): void {
  clearTimeout(resting.get(conversation))
  resting.set(conversation, setTimeout(() => void push(conversation), REST_MS))
}

function hurry(): void {
  for (const conversation of [...resting.keys()]) void push(conversation)
}

function farewell(): void {
  for (const conversation of [...resting.keys()]) void push(conversation, true)
}

function turned(): void {
  if (document.hidden) farewell()
  else catchUp()
}

function catchUp(): void {
  hurry()
  for (const open of here()) void look(open)
}

/** Resolves when it is on the disk, or cannot be. */
function learn(conversation: string, now: Seen): Promise<unknown> {
  note(conversation, now.version || now.tried ? now : undefined)
  const value = seen.get(conversation)
  tell({ carried: { owner: device.currentOwner(), id: conversation, value } })
  return device.write([{ shelf: 'carried', id: conversation, value }]).catch(() => undefined)
}

/** Here or in another window. */
function note(conversation: string, now: Seen | undefined): void {
  if (now) seen.set(conversation, now)
  else seen.delete(conversation)
  if (now?.version) versions.set(conversation, now.version)
  else versions.delete(conversation)
  if (others.get(conversation)?.version === now?.version) others.delete(conversation)
}

/** Another device wrote, or sent: what stands here is looked at again; all else when it is opened. */
function told(conversation: string, version: string | null): void {
  if (busy.has(conversation)) return void news.set(conversation, version)
  if (version === (seen.get(conversation)?.version ?? null)) return
  if (written(conversation) || here().includes(conversation)) void look(conversation)
}

/** As it is here now, in place of what was last seen there. Without a network it waits for the next occasion. */
async function push(conversation: string, leaving = false): Promise<void> {
  clearTimeout(resting.get(conversation))
  const base = seen.get(conversation) ?? { version: null, said: '' }
  const draft = written(conversation)
  const said = print(draft)
  if (others.has(conversation) || said === base.said) return void resting.delete(conversation)
  if (busy.has(conversation)) return rest(conversation)
  busy.add(conversation)
  resting.delete(conversation)
  const known = learn(conversation, { ...base, tried: [...new Set([...(base.tried ?? []), said])].slice(-MOST_TRIED) })
  if (!leaving) await known // else a page that dies now takes its own draft for another device's
  try {
    const body = { ...sendable(draft ?? EMPTY), device: deviceKind(), base: base.version }
    void learn(conversation, { version: await client.keepDraft(conversation, body, { keepalive: leaving }), said })
  } catch (problem) {
    await refused(conversation, problem)
  } finally {
    busy.delete(conversation)
    const version = news.get(conversation)
    news.delete(conversation)
    if (version !== undefined) told(conversation, version)
  }
}

async function refused(conversation: string, problem: unknown): Promise<void> {
  if (!(problem instanceof Problem)) throw problem
  if (problem.offline) resting.set(conversation, setTimeout(() => void push(conversation), 15 * REST_MS))
  else if (problem.status === 409) await look(conversation)
  // What he may no longer see, or what is too long to be sent, stays on this device.
}

async function look(conversation: string): Promise<void> {
  try {
    take(conversation, await client.draftOf(conversation))
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem // nobody answers, or he may not see it any more: it stays here
  }
}

function take(conversation: string, there: OtherDraft | null): void {
  const base = seen.get(conversation)
  const here = print(written(conversation))
  const said = there ? print(there) : ''
  others.delete(conversation)
  if (!there) {
    // Sent or emptied elsewhere, by his own hand: an untouched copy of it goes too.
    if (base?.version && here === base.said) replaceDraft(conversation, EMPTY)
    void learn(conversation, { version: null, said: '' })
    if (print(written(conversation))) rest(conversation)
  } else if (there.version === base?.version) return
  else if (said === here || base?.tried?.includes(said)) {
    void learn(conversation, { version: there.version, said })
    if (said !== here) rest(conversation)
  } else if (base?.version && here === base.said && !written(conversation)?.attachments.some((file) => file.local)) {
    replaceDraft(conversation, sendable(there))
    void learn(conversation, { version: there.version, said })
  } else others.set(conversation, there)
}

export type Choice = 'use' | 'both' | 'mine'

/** The one decision that writes over a draft. */
export function choose(conversation: string, choice: Choice): void {
  const there = others.get(conversation)
  if (!there) return
  others.delete(conversation)
  void learn(conversation, { version: there.version, said: print(there) })
  if (choice === 'use') replaceDraft(conversation, sendable(there))
  if (choice === 'both') replaceDraft(conversation, joined(sendable(there), written(conversation) ?? EMPTY))
  rest(conversation)
}
