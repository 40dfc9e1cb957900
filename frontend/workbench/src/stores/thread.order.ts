/** The order of a thread, and where its next reply goes. */
import type { Message, Note, ThreadConversation } from '@/client/types'
import type { Waiting } from './outbox'

/** By time, then id: ids carry arrival, an imported message its source's time. A newer copy replaces an older one. */
export function mergeMessages(known: Message[], said: Message[]): Message[] {
  const all = new Map(known.map((message) => [message.id, message]))
  for (const message of said) all.set(message.id, { ...all.get(message.id), ...message })
  return [...all.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id.localeCompare(b.id))
}

/** The conversation asked for if it runs, else that of the customer's last word, else the newest that takes a reply. */
export function writable(
  conversations: ThreadConversation[],
  messages: Message[],
  place: { kind: string; id: string } | null,
): string | null {
  const open = conversations.filter((c) => c.capability?.reply !== false)
  const running = open.filter((c) => c.phase !== 'ended')
  const asked = running.find((c) => place?.kind === 'c' && c.id === place.id)
  if (asked) return asked.id
  const last = [...messages].reverse().find((message) => message.direction === 'in')
  const answering = [...running, ...open].find((c) => c.id === last?.conversation_id)
  return (answering ?? running.at(-1) ?? open.at(-1) ?? conversations.at(-1))?.id ?? null
}

export type Entry =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'spell'; key: string; conversation: ThreadConversation; at: string }
  | { kind: 'message'; key: string; message: Message; first: boolean; count: number }
  | { kind: 'note'; key: string; note: Note }
  | { kind: 'waiting'; key: string; waiting: Waiting }

const GAP_MS = 5 * 60_000
const FLOOD_MS = 60_000

/** One continuous thread: days, where each conversation begins, messages, processing notes, and what is not sent yet. */
export function entriesOf(
  messages: Message[],
  notes: Note[],
  conversations: ThreadConversation[],
  waiting: Waiting[],
): Entry[] {
  const known = new Map(conversations.map((c) => [c.id, c]))
  const sent = new Set(messages.map((message) => message.client_id).filter(Boolean))
  const steps = [
    ...messages.map((message) => ({ at: message.at, message, note: null })),
    ...notes.map((note) => ({ at: note.at, message: null, note })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const entries: Entry[] = []
  const begun = new Set<string>()
  let day = ''
  let last: Message | null = null
  for (const step of steps) {
    const date = new Date(step.at).toDateString()
    if (date !== day) entries.push({ kind: 'day', key: `day:${date}`, at: step.at })
    if (date !== day) last = null
    day = date
    if (step.note) {
      entries.push({ kind: 'note', key: step.note.id, note: step.note })
      last = null
      continue
    }
    const { message } = step
    const conversation = known.get(message.conversation_id)
    if (conversation && !begun.has(conversation.id)) {
      begun.add(conversation.id)
      last = null
      entries.push({ kind: 'spell', key: `spell:${conversation.id}`, conversation, at: step.at })
    }
    const before = entries.at(-1)
    if (before?.kind === 'message' && last && repeats(last, message)) {
      before.count++
      last = message
      continue
    }
    entries.push({ kind: 'message', key: message.id, message, first: !follows(last, message), count: 1 })
    last = message
  }
  const rest = waiting.filter((each) => !sent.has(each.client_id))
  return [...entries, ...rest.map((each): Entry => ({ kind: 'waiting', key: each.client_id, waiting: each }))]
}

/** 刷屏: the customer says the same again and again; it is one bubble with a count. */
function repeats(last: Message, message: Message): boolean {
  if (message.direction !== 'in' || !follows(last, message) || message.attachments.length || message.html || message.recalled_at) return false
  const plain = (text: string) => text.replace(/[\s\p{P}]+/gu, '').toLowerCase() || text.trim()
  return Boolean(message.text) && !last.attachments.length && !last.html && plain(last.text) === plain(message.text) && Date.parse(message.at) - Date.parse(last.at) < FLOOD_MS
}

function follows(last: Message | null, message: Message): boolean {
  if (!last || last.direction !== message.direction || last.conversation_id !== message.conversation_id) return false
  const same = last.author.kind === message.author.kind && last.author.name === message.author.name
  return same && Date.parse(message.at) - Date.parse(last.at) < GAP_MS
}
