/** Files on their way to the server: each says how far it is and can be given up. */
import { computed, ref } from 'vue'
import type { Attachment } from '@/client/types'
import { attempt } from '@/composables/toast'
import { addFile } from '@/device/files'

export interface Uploading {
  key: number
  conversation: string
  name: string
  share: number
  stop: () => void
}

/** `kept` puts a file where it was added, whatever is on the screen by then. */
export function useUploads(here: () => string | null, kept: (conversation: string, file: Attachment) => void) {
  const all = ref<Uploading[]>([])
  let count = 0
  const own = computed(() => all.value.filter((each) => each.conversation === here()))

  async function add(files: File[]): Promise<void> {
    const conversation = here()
    if (!conversation) return
    await Promise.all(files.map((file) => carry(conversation, file)))
  }

  async function carry(conversation: string, file: File): Promise<void> {
    const key = ++count
    const given = new AbortController()
    const drop = () => (all.value = all.value.filter((each) => each.key !== key))
    const stop = () => {
      given.abort()
      drop()
    }
    all.value.push({ key, conversation, name: file.name, share: 0, stop })
    const told = (share: number) => {
      const mine = all.value.find((each) => each.key === key)
      if (mine) mine.share = share
    }
    await attempt(async () => {
      const added = await addFile(file, { told, signal: given.signal }).catch((problem: unknown) => {
        if (!given.signal.aborted) throw problem
      })
      if (added && !given.signal.aborted) kept(conversation, added)
    })
    drop()
  }

  return { own, add }
}
