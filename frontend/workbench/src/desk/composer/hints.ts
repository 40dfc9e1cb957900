/** 敏感词 while somebody types: asked a moment after the last key, and shown at their places. */
import { useDebounceFn } from '@vueuse/core'
import type { Ref } from 'vue'
import { computed, ref, watch } from 'vue'
import type { WordHit } from '@/client/words'
import * as words from '@/client/words'
import type { Attachment } from '@/client/types'
import { useThread } from '@/stores/thread'

const PAUSE_MS = 280

export interface Piece {
  text: string
  level: string
}

/** The text cut where something was found, for the underlines behind it. */
export function piecesOf(text: string, hits: Pick<WordHit, 'start' | 'end' | 'level'>[]): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const hit of hits) {
    if (hit.start < at || hit.end > text.length) continue
    pieces.push({ text: text.slice(at, hit.start), level: '' }, { text: text.slice(hit.start, hit.end), level: hit.level })
    at = hit.end
  }
  return [...pieces, { text: text.slice(at), level: '' }].filter((piece) => piece.text)
}

export function useHints(text: Ref<string>, note: Ref<boolean>, files: Ref<Attachment[]>) {
  const thread = useThread()
  const hits = ref<WordHit[]>([])
  let asked = 0

  const ask = useDebounceFn(async () => {
    const mine = ++asked
    const said = text.value
    const found = await words.checkWords(said, thread.currentId, files.value.map((file) => file.name)).catch(() => null)
    if (mine === asked && found && said === text.value && !note.value) hits.value = found.items
  }, PAUSE_MS)

  watch([text, note, files], () => {
    // What is no longer there is not underlined until the answer comes.
    hits.value = hits.value.filter((hit) => !hit.file && text.value.slice(hit.start, hit.end) !== '')
    asked++
    if (note.value || (!text.value.trim() && !files.value.length)) hits.value = []
    else void ask()
  })

  const pieces = computed(() => piecesOf(text.value, hits.value.filter((hit) => hit.file === null || hit.file === undefined)))
  const blocked = computed(() => hits.value.some((hit) => hit.level === 'block'))
  return { hits, pieces, blocked }
}
