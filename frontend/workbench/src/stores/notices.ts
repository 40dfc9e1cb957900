/** Own notices: the newest of them, and how many are unread; the server keeps the rest. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Notice } from '@/client/notices'
import * as wire from '@/client/notices'

const KEPT = 60

export interface NoticeNews {
  unread: number
  notice: Notice | null
  quiet?: boolean
}

export const useNotices = defineStore('notices', () => {
  const rows = ref<Notice[]>([])
  const calls = ref<Notice[]>([])
  const unread = ref(0)
  const before = ref<string | null>(null)
  const unreadOnly = ref(false)
  const kind = ref('') // of which the list is, on its page
  const kinds = shallowRef<NonNullable<wire.NoticePage['kinds']>>([])
  const ofKind = (row: Notice) => !kind.value || row.why.split('.')[0] === kind.value
  const all = computed(() => rows.value.filter((row) => (!unreadOnly.value || !row.read_at) && ofKind(row)))
  const asked = () => ({ unread: unreadOnly.value, ...(kind.value ? { kind: kind.value } : {}) })

  async function reload(): Promise<void> {
    take(await wire.notices(asked()))
  }

  async function recall(): Promise<void> {
    calls.value = (await wire.calls()).items
  }

  /** From here it rings for nobody any more. */
  async function acknowledge(id: string): Promise<void> {
    unread.value = (await wire.acknowledge(id)).unread
    await Promise.all([recall(), reload()])
  }

  function take(page: wire.NoticePage): void {
    rows.value = page.items
    unread.value = page.unread
    before.value = page.before
    kinds.value = page.kinds ?? []
  }

  async function more(): Promise<void> {
    if (!before.value) return
    const page = await wire.notices({ ...asked(), before: before.value })
    const known = new Set(rows.value.map((row) => row.id))
    rows.value = [...rows.value, ...page.items.filter((row) => !known.has(row.id))]
    before.value = page.before
  }

  /** True when it is one to be heard: new, or one that came again. */
  function hear({ unread: left, notice }: NoticeNews): boolean {
    unread.value = left
    if (!notice) {
      if (calls.value.length) void recall().catch(() => undefined)
      void reload()
      return false
    }
    const known = rows.value.find((row) => row.id === notice.id)
    if (known && known.version >= notice.version) return false
    if (notice.how === 'call') void recall().catch(() => undefined)
    rows.value = [notice, ...rows.value.filter((row) => row.id !== notice.id)].slice(0, Math.max(KEPT, rows.value.length))
    return true
  }

  async function read(ids: string[] | null): Promise<void> {
    const at = new Date().toISOString()
    const meant = (row: Notice) => !row.read_at && (ids === null ? ofKind(row) : ids.includes(row.id))
    if (ids && !rows.value.some(meant)) return
    rows.value = rows.value.map((row) => (meant(row) ? { ...row, read_at: at } : row))
    unread.value = (await wire.readNotices(ids, ids === null ? kind.value : '')).unread
    if (ids === null) void reload().catch(() => undefined)
  }

  return { all, rows, calls, recall, acknowledge, unread, before, unreadOnly, kind, kinds, reload, more, hear, read }
})
