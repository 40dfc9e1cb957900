/** One draft a conversation, kept on this device at every stroke: it outlives a reload, a crash, a look elsewhere. */
import { ref } from 'vue'
import type { Attachment } from '@/client/types'
import * as device from '@/device/device'

export interface Draft {
  text: string
  note: boolean
  attachments: Attachment[]
  /** The message it answers. */
  quote?: { id: string; name: string; text: string } | undefined
}

export interface Written extends Draft {
  at: number
}

const restored = ref(0) // raised when a draft was put back from outside the composer
const kept = new Map<string, Written>()
const touched = ref<{ conversation: string; draft: Written | null }>({ conversation: '', draft: null })
const writing = new Set<string>()
const EMPTY: Draft = { text: '', note: false, attachments: [] }

export const useRestored = () => restored
/** The last draft that changed here, for whoever carries it further. */
export const useTouched = () => touched

export const readDraft = (conversation: string): Draft => kept.get(conversation) ?? EMPTY
export const written = (conversation: string): Written | null => kept.get(conversation) ?? null

export async function openDrafts(): Promise<void> {
  const found = await device.readAll<Written>('drafts')
  for (const { id, value } of found) if (!kept.has(id)) kept.set(id, value) // what was typed meanwhile is newer
  if (found.length) restored.value++
}

export function forgetDrafts(): void {
  kept.clear()
  restored.value++
}

export function keepDraft(conversation: string, draft: Draft): void {
  const before = kept.get(conversation)
  const empty = !draft.text.trim() && !draft.attachments.length && !draft.quote
  if (empty ? !before : before && same(before, draft)) return
  if (empty) kept.delete(conversation)
  else kept.set(conversation, { ...draft, attachments: [...draft.attachments], at: Date.now() })
  touched.value = { conversation, draft: kept.get(conversation) ?? null }
  put(conversation)
}

const same = (one: Draft, other: Draft) =>
  one.text === other.text && one.note === other.note && one.quote?.id === other.quote?.id && one.attachments.map((file) => file.hash).join() === other.attachments.map((file) => file.hash).join()

/** One write at a time for each, which takes what is newest when its turn comes: strokes never queue up. */
function put(conversation: string): void {
  if (writing.has(conversation)) return
  writing.add(conversation)
  void device.settled().then(() => {
    writing.delete(conversation)
    return device.write([{ shelf: 'drafts', id: conversation, value: kept.get(conversation) }])
  }).catch(() => undefined) // a full disk: it stays in memory
}

/** What was taken back is written before what was begun since. */
export function restoreDraft(taken: Draft & { conversation_id: string }): void {
  const begun = readDraft(taken.conversation_id)
  const text = [taken.text, begun.text].filter(Boolean).join('\n')
  keepDraft(taken.conversation_id, { text, note: taken.note, quote: taken.quote ?? begun.quote, attachments: [...taken.attachments, ...begun.attachments] })
  restored.value++
}

/** Another draft stands here now, as it was chosen. */
export function replaceDraft(conversation: string, draft: Draft): void {
  keepDraft(conversation, draft)
  restored.value++
}
