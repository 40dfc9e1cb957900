/** What is being written: its draft, its files, and sending it. */
import { useThrottleFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import * as people from '@/client/people'
import type { Attachment } from '@/client/types'
import { keepDraft, readDraft, restoreDraft, useRestored } from '@/composables/drafts'
import { attempt, say } from '@/composables/toast'
import { useLive } from '@/stores/live'
import { useOutbox } from '@/stores/outbox'
import { usePreferences } from '@/stores/preferences'
import { usePromising } from '../promise/promising'
import { useThread } from '@/stores/thread'

const UNDO_MS = 5000
const TYPING_MS = 2500

export function useComposer(field: () => HTMLTextAreaElement | null) {
  const { t } = useI18n()
  const thread = useThread()
  const outbox = useOutbox()
  const live = useLive()
  const preferences = usePreferences()
  const restored = useRestored()

  const text = ref('')
  const note = ref(false)
  const attachments = ref<Attachment[]>([])
  const mentions = ref<string[]>([])
  const uploading = ref(0)
  const promise = usePromising(text, note)
  const dragging = ref(false)
  const ready = computed(() => (text.value.trim() !== '' || attachments.value.length > 0) && uploading.value === 0)

  function load(): void {
    const draft = thread.currentId ? readDraft(thread.currentId) : null
    text.value = draft?.text ?? ''
    note.value = draft?.note ?? false
    attachments.value = draft?.attachments ?? []
    mentions.value = []
  }

  const draft = () => ({ text: text.value, note: note.value, attachments: attachments.value })

  watch(() => thread.currentId, load, { immediate: true })
  watch(restored, load)
  watch([text, note, attachments], () => {
    if (thread.currentId) keepDraft(thread.currentId, draft())
  })

  function send(then?: 'pending'): void {
    const conversation = thread.currentId
    if (!conversation || !ready.value) return
    const words = text.value.trim()
    outbox.add(
      {
        conversation_id: conversation, text: words, attachments: attachments.value, note: note.value,
        mentions: mentions.value.filter((id) => id), ...(then ? { then } : {}),
        ...(thread.ticket ? { ticket_id: thread.ticket.id } : {}),
        ...(promise.given.value && thread.ticket ? { promise: promise.given.value } : {}),
      },
      preferences.undo ? UNDO_MS : 0,
    )
    text.value = ''
    attachments.value = []
    mentions.value = []
    field()?.focus()
  }

  /** Takes back the last line that is still held; while something is written, undoing is the text's own. */
  function undo(): boolean {
    if (text.value) return false
    const held = outbox.all.filter((each) => each.conversation_id === thread.currentId && each.state === 'held').at(-1)
    const taken = held && outbox.take(held.client_id)
    if (!taken) return false
    restoreDraft(taken)
    say(t('composer.undone'))
    return true
  }

  const signal = useThrottleFn(() => {
    if (thread.currentId && !note.value) live.typing(thread.currentId)
  }, TYPING_MS)

  async function addFiles(files: File[]): Promise<void> {
    for (const file of files) {
      uploading.value++
      await attempt(async () => {
        const stored = await people.upload(file)
        attachments.value = [...attachments.value, { ...stored, inline: false }]
      })
      uploading.value--
    }
  }

  function paste(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])]
    if (!files.length) return
    event.preventDefault()
    void addFiles(files)
  }

  function drop(event: DragEvent): void {
    dragging.value = false
    void addFiles([...(event.dataTransfer?.files ?? [])])
  }

  function removeFile(hash: string): void {
    attachments.value = attachments.value.filter((file) => file.hash !== hash)
  }

  function insert(words: string): void {
    const el = field()
    const [from, to] = el ? [el.selectionStart, el.selectionEnd] : [text.value.length, text.value.length]
    text.value = text.value.slice(0, from) + words + text.value.slice(to)
    el?.focus()
    requestAnimationFrame(() => el?.setSelectionRange(from + words.length, from + words.length))
  }

  function mention(agent: { id: string; name: string }): void {
    mentions.value = [...new Set([...mentions.value, agent.id])]
    insert(`@${agent.name} `)
  }

  return {
    text, note, attachments, uploading, dragging, ready, promise, send, undo, typed: () => void signal(), addFiles, paste, drop,
    removeFile, insert, mention,
  }
}
