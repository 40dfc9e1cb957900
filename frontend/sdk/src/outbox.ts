import type { Store } from './ports'
import type { Attachment, ClientFrame, DurableFrame } from './wire'

export interface Waiting {
  frame: DurableFrame & { client_id: string }
  at: number
  failed?: string
  /** What the visitor sees of files already uploaded; the frame itself carries only their hashes. */
  files?: Attachment[]
}

const KEEP_MS = 3 * 86_400_000
const KEEP_COUNT = 100

export interface Outbox {
  all(): Waiting[]
  add(entry: Waiting): void
  remove(clientId: string): Waiting | undefined
  fail(clientId: string, code?: string): void
  unsent(): ClientFrame[]
}

/**
 * Frames not yet acknowledged, in the order they were written. Storage is the only copy: each call reads it again,
 * because another tab of the same visitor writes it too.
 */
export function openOutbox(store: Store, key: string, now: () => number): Outbox {
  const all = (): Waiting[] => {
    try {
      const entries = JSON.parse(store.getItem(key) ?? '[]') as Waiting[]
      return entries.filter((entry) => now() - entry.at < KEEP_MS)
    } catch {
      return []
    }
  }
  const save = (entries: Waiting[]) => {
    if (entries.length) store.setItem(key, JSON.stringify(entries.slice(-KEEP_COUNT)))
    else store.removeItem(key)
  }
  return {
    all,
    add: (entry) => {
      save([...all(), entry])
    },
    remove: (clientId) => {
      const entries = all()
      const found = entries.find((entry) => entry.frame.client_id === clientId)
      if (found) save(entries.filter((entry) => entry !== found))
      return found
    },
    fail: (clientId, code) => {
      save(all().map((entry) => (entry.frame.client_id === clientId ? { ...entry, failed: code } : entry)))
    },
    unsent: () => all().flatMap((entry) => (entry.failed ? [] : [entry.frame])),
  }
}
