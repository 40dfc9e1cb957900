/** One draft a conversation, kept on this device at every stroke: it outlives a reload, a crash, a look elsewhere. */
import { ref, shallowReactive, shallowRef } from 'vue'
import type { Attachment } from '@/client/types'
import * as device from '@/device/device'
import { hear, tell } from '@/device/tabs'

export interface Draft {
  text: string
  note: boolean
  attachments: Attachment[]
  /** The message it answers. */
  quote?: { id: string; name: string; text: string } | undefined
  /** An order of the customer that goes after the words, as a card. */
  order?: Ordered | undefined
}

export interface Ordered {
  id: string
  number: string
  title: string
}

export interface Written extends Draft {
  at: number
}

const restored = ref(0) // raised when a draft was put back from outside the composer
const kept = shallowReactive(new Map<string, Written>())
const touched = ref<{ conversation: string; draft: Written | null }>({ conversation: '', draft: null })
const writing = new Set<string>()
const unwritten = new Set<string>() // not on the disk yet
const EMPTY: Draft = { text: '', note: false, attachments: [] }
/** By conversation, which draft the server was last seen to have. */
export const versions = new Map<string, string>()

/** What lies on the server by now, as it says itself. */
const told = shallowRef<{ conversation: string; version: string | null } | null>(null)
export const useTold = () => told
export const hearDraft = (conversation: string, version: string | null) => void (told.value = { conversation, version })

export const useRestored = () => restored
/** The last draft that changed here, for whoever carries it further. */
export const useTouched = () => touched

export const readDraft = (conversation: string): Draft => kept.get(conversation) ?? EMPTY
export const anyDraft = () => kept.size > 0
export const written = (conversation: string): Written | null => kept.get(conversation) ?? null

/** A page that goes has no time for the disk: what is not there waits in this tab for the page that comes after it. */
const LAST_WORDS = 'yizhan.last-words'
interface LastWords { owner: string; drafts: [string, Written | null][] }

addEventListener('pagehide', () => {
  const words: LastWords = { owner: device.currentOwner(), drafts: [...unwritten].map((id) => [id, kept.get(id) ?? null]) }
  try {
    if (words.owner && words.drafts.length) sessionStorage.setItem(LAST_WORDS, JSON.stringify(words))
  } catch { /* a browser that keeps nothing */ }
})

function lastWords(): LastWords['drafts'] {
  try {
    const words = JSON.parse(sessionStorage.getItem(LAST_WORDS) ?? 'null') as LastWords | null
    sessionStorage.removeItem(LAST_WORDS)
    return words?.owner === device.currentOwner() ? words.drafts : []
  } catch {
    return []
  }
}

export async function openDrafts(): Promise<void> {
  const newer = new Map(lastWords())
  for (const [id, value] of newer) {
    if (kept.has(id)) continue
    if (value) kept.set(id, value)
    put(id)
  }
  const found = await device.readAll<Written>('drafts')
  for (const { id, value } of found) if (!kept.has(id) && !newer.has(id)) kept.set(id, value) // what was typed meanwhile is newer
  if (found.length || newer.size) restored.value++
}

/** The other windows of this browser show the same draft. */
hear(({ draft }) => {
  if (!draft || draft.owner !== device.currentOwner()) return
  if (draft.value) kept.set(draft.id, draft.value as Written)
  else kept.delete(draft.id)
  restored.value++
})

export function forgetDrafts(): void {
  kept.clear()
  unwritten.clear()
  versions.clear()
  restored.value++
}

export function keepDraft(conversation: string, draft: Draft): void {
  const before = kept.get(conversation)
  const empty = !draft.text.trim() && !draft.attachments.length && !draft.quote && !draft.order
  if (empty ? !before : before && same(before, draft)) return
  set(conversation, empty ? null : draft)
  put(conversation)
}

function set(conversation: string, draft: Draft | null): void {
  if (draft) kept.set(conversation, { ...draft, attachments: [...draft.attachments], at: Date.now() })
  else kept.delete(conversation)
  touched.value = { conversation, draft: kept.get(conversation) ?? null }
  const now = kept.get(conversation)
  tell({ draft: { owner: device.currentOwner(), id: conversation, value: now && JSON.parse(JSON.stringify(now)) as unknown } })
}

const same = (one: Draft, other: Draft) =>
  one.text === other.text && one.note === other.note && one.quote?.id === other.quote?.id && one.order?.id === other.order?.id && one.attachments.map((file) => file.hash).join() === other.attachments.map((file) => file.hash).join()

/** One write at a time for each, which takes what is newest when its turn comes: strokes never queue up. */
function put(conversation: string): void {
  unwritten.add(conversation)
  if (writing.has(conversation)) return
  writing.add(conversation)
  void device.write(() => {
    writing.delete(conversation)
    return [row(conversation)]
  }).then(() => writing.has(conversation) || unwritten.delete(conversation)).catch(() => undefined) // a full disk: it stays in memory
}

const row = (conversation: string): device.Change => ({ shelf: 'drafts', id: conversation, value: kept.get(conversation) })

/** What was sent off is a draft no more; whoever keeps it elsewhere writes this with it, both or neither. */
export function letGo(conversation: string): device.Change {
  set(conversation, null)
  return row(conversation)
}

/** What was taken back is written before what was begun since; as above. */
export function takenBack(taken: Draft & { conversation_id: string }): device.Change {
  const begun = readDraft(taken.conversation_id)
  const text = [taken.text, begun.text].filter(Boolean).join('\n')
  set(taken.conversation_id, { text, note: taken.note, quote: taken.quote ?? begun.quote, order: taken.order ?? begun.order, attachments: [...taken.attachments, ...begun.attachments] })
  restored.value++
  return row(taken.conversation_id)
}

export function restoreDraft(taken: Draft & { conversation_id: string }): void {
  takenBack(taken)
  put(taken.conversation_id)
}

/** Another draft stands here now, as it was chosen. */
export function replaceDraft(conversation: string, draft: Draft): void {
  keepDraft(conversation, draft)
  restored.value++
}
