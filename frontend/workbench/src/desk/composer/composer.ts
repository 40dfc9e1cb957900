/** What is being written: its draft, its files, and sending it. */
import { useThrottleFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import type { Attachment } from '@/client/types'
import { keepDraft, type Ordered, readDraft, useRestored } from '@/composables/drafts'
import { say } from '@/composables/toast'
import { useConversations } from '@/stores/conversations'
import { useLive } from '@/stores/live'
import { UNDO_MS, useOutbox, type Waiting } from '@/stores/outbox'
import { usePreferences } from '@/stores/preferences'
import { useUploads } from './uploading'
import { useReference } from '@/stores/reference'
import { wantField } from '../eager'
import { type Asked, mentionsIn, type Named } from './mentioning'
import { nextQuote, type Quote } from './quoting'
import { useUnfilled } from './unfilled'
import { usePromising } from '../promise/promising'
import { useThread, useThreads } from '@/stores/thread'

const TYPING_MS = 2500

export function useComposer(field: () => HTMLTextAreaElement | null) {
  const { t } = useI18n()
  const thread = useThread()
  const threads = useThreads()
  const outbox = useOutbox()
  const conversations = useConversations()
  const router = useRouter()
  const live = useLive()
  const preferences = usePreferences()
  const reference = useReference()
  const restored = useRestored()

  const text = ref('')
  const note = ref(false)
  const attachments = ref<Attachment[]>([])
  const mentions = ref<string[]>([])
  const quote = ref<Quote>()
  const order = ref<Ordered>()
  const uploads = useUploads(() => thread.currentId, keepFile)
  const uploading = uploads.own
  const promise = usePromising(text, note)
  const unfilled = useUnfilled(text, note, () => thread.currentId, field)
  const dragging = ref(false)
  const ready = computed(() => (text.value.trim() !== '' || attachments.value.length > 0 || (!!order.value && !note.value)) && !uploading.value.length)

  function load(): void {
    const draft = thread.currentId ? readDraft(thread.currentId) : null
    text.value = draft?.text ?? ''
    note.value = draft?.note ?? false
    attachments.value = draft?.attachments ?? []
    quote.value = draft?.quote
    order.value = draft?.order
    mentions.value = []
  }

  const draft = () => ({ text: text.value, note: note.value, attachments: attachments.value, quote: quote.value, order: order.value })

  watch(() => thread.currentId, load, { immediate: true })
  watch(restored, load)
  watch([text, note, attachments, quote, order], () => {
    if (thread.currentId) keepDraft(thread.currentId, draft())
  })

  function send(then?: 'pending', quick?: string): void {
    const conversation = thread.currentId
    if (!conversation || !ready.value || unfilled.stops()) return
    const words = text.value.trim()
    const sent = outbox.add(
      {
        conversation_id: conversation, text: words, attachments: attachments.value, note: note.value,
        mentions: note.value ? mentionsIn(words, reference.house.agents, mentions.value) : [], ...(then ? { then } : {}), ...(quick ? { quick_reply: quick } : {}), ...(quote.value && !note.value ? { quote: quote.value } : {}), ...(order.value && !note.value ? { order: order.value } : {}),
        ...(thread.ticket ? { ticket_id: thread.ticket.id } : {}),
        ...(promise.given.value && thread.ticket ? { promise: promise.given.value } : {}),
      },
      preferences.undo ? UNDO_MS : 0, true,
    )
    text.value = ''
    if (!note.value) quote.value = order.value = undefined
    attachments.value = []
    mentions.value = []
    if (preferences.onward && !sent.note && goOn(sent)) return
    field()?.focus()
  }

  /** Whoever waits longest is next, of those who stand side by side; what was just sent can be taken back from there. */
  function goOn(sent: Waiting): boolean {
    const next = conversations.longestWaiting(sent.conversation_id, (row) => threads.panes.length < 2 || threads.holding(row.id).length > 0)
    if (!next) return false
    const back = { name: 'desk', params: { ...thread.place } }
    const run = () => {
      outbox.take(sent.client_id, true)
      void router.push(back)
    }
    const name = thread.current?.contact_name ?? ''
    wantField()
    void router.push({ name: 'desk', params: { kind: 'c', id: next.id } })
    say(t('composer.sent_to', { name }), preferences.undo ? { action: { text: t('message.undo'), run } } : {})
    return true
  }

  /** Takes back the last line that is still held; while something is written, undoing is the text's own. */
  function undo(): boolean {
    if (text.value) return false
    const held = outbox.all.filter((each) => each.conversation_id === thread.currentId && each.state === 'held').at(-1)
    if (!held || !outbox.take(held.client_id, true)) return false
    say(t(held.macro ? 'composer.undone_macro' : 'composer.undone'))
    return true
  }

  const signal = useThrottleFn(() => {
    if (thread.currentId && !note.value) live.typing(thread.currentId)
  }, TYPING_MS)

  function keepFile(conversation: string, file: Attachment): void {
    const there = readDraft(conversation)
    if (conversation === thread.currentId) attachments.value = [...attachments.value, file]
    else keepDraft(conversation, { ...there, attachments: [...there.attachments, file] })
  }

  function paste(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])]
    if (!files.length) return
    event.preventDefault()
    void uploads.add(files)
  }

  const carries = (event: DragEvent) => Boolean(event.dataTransfer?.types.includes('Files'))

  function drop(event: DragEvent): void {
    dragging.value = false
    void uploads.add([...(event.dataTransfer?.files ?? [])])
  }

  function removeFile(hash: string): void {
    attachments.value = attachments.value.filter((file) => file.hash !== hash)
  }

  function insert(words: string, over?: Asked): void {
    const el = field()
    const [from, to] = over ? [over.from, over.to] : el ? [el.selectionStart, el.selectionEnd] : [text.value.length, text.value.length]
    text.value = text.value.slice(0, from) + words + text.value.slice(to)
    el?.focus()
    requestAnimationFrame(() => el?.setSelectionRange(from + words.length, from + words.length))
  }

  const quoteNext = (by: number) => (quote.value = nextQuote(thread.messages, quote.value, by))

  function mention(agent: Named, over?: Asked): void {
    mentions.value = [...new Set([...mentions.value, agent.id])]
    insert(`@${agent.name} `, over)
  }

  return {
    text, note, attachments, uploading, dragging, ready, promise, unfilled, send, undo, typed: () => void signal(), addFiles: uploads.add, paste, drop, carries,
    removeFile, insert, mention, quote, quoteNext, order,
  }
}
