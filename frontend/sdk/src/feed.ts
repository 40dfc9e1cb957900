import type { WidgetMessage } from './wire'

export interface Feed {
  /** False when nothing changed by it: the message was known, word for word. */
  put(message: WidgetMessage): boolean
  has(id: string): boolean
  hasClient(clientId: string): boolean
  all(): WidgetMessage[]
  clear(): void
}

/** The visitor's messages, each once, in the order of their ids (which begin with their time). */
export function openFeed(): Feed {
  const byId = new Map<string, WidgetMessage>()
  let sorted: WidgetMessage[] | null = null
  return {
    put(message) {
      const known = byId.get(message.id)
      if (known && JSON.stringify(known) === JSON.stringify(message)) return false
      byId.set(message.id, message)
      sorted = null
      return true
    },
    has: (id) => byId.has(id),
    hasClient: (clientId) => [...byId.values()].some((message) => message.client_id === clientId),
    all: () => (sorted ??= [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))),
    clear() {
      byId.clear()
      sorted = null
    },
  }
}
