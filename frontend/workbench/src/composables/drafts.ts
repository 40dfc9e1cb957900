/** One draft a conversation, kept in this browser so that it survives a reload and a look elsewhere. */
import { ref } from 'vue'
import type { Attachment } from '@/client/types'
import { readKept, writeKept } from './kept'

export interface Draft {
  text: string
  note: boolean
  attachments: Attachment[]
}

const restored = ref(0) // raised when a draft was put back from outside the composer

export const useRestored = () => restored

const keyOf = (conversation: string) => `draft.${conversation}`
const EMPTY: Draft = { text: '', note: false, attachments: [] }

export const readDraft = (conversation: string): Draft => ({ ...EMPTY, ...readKept<Partial<Draft>>(keyOf(conversation), {}) })

export function keepDraft(conversation: string, draft: Draft): void {
  const empty = !draft.text.trim() && !draft.attachments.length
  writeKept(keyOf(conversation), empty ? '' : draft)
}

/** What was taken back is written before what was begun since. */
export function restoreDraft(taken: Draft & { conversation_id: string }): void {
  const begun = readDraft(taken.conversation_id)
  const text = [taken.text, begun.text].filter(Boolean).join('\n')
  keepDraft(taken.conversation_id, { text, note: taken.note, attachments: [...taken.attachments, ...begun.attachments] })
  restored.value++
}
