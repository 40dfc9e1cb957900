/** Drafts side by side: whether they say the same, and both in one. Pure. */
import type { DeviceKind } from '@/client/drafts'
import type { Draft } from '@/composables/drafts'

export const EMPTY: Draft = { text: '', note: false, attachments: [] }
const PHONE_PX = 600

/** What the server can keep: files that it has. */
export function sendable({ text, note, attachments }: Draft) {
  const files = attachments.filter((file) => !file.local)
  return { text, note, attachments: files.map(({ hash, name, type, size }) => ({ hash, name, type, size })) }
}

/** Equal for drafts that say the same; empty for nothing. */
export function print(draft: Draft | null): string {
  if (!draft) return ''
  const { text, note, attachments } = sendable(draft)
  return text.trim() || attachments.length ? JSON.stringify([text, note, attachments.map((file) => file.hash)]) : ''
}

/** Words for colleagues never become words for the customer by this. */
export function joined(there: Draft, here: Draft): Draft {
  const known = new Set(there.attachments.map((file) => file.hash))
  const text = [there.text, here.text].filter((each) => each.trim()).join('\n')
  return { text, note: there.note || here.note, attachments: [...there.attachments, ...here.attachments.filter((file) => !known.has(file.hash))] }
}

export function deviceKind(): DeviceKind {
  if (!window.matchMedia('(pointer: coarse)').matches) return 'computer'
  return Math.min(screen.width, screen.height) < PHONE_PX ? 'phone' : 'tablet'
}
