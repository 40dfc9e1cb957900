/** What visitors do on pages is a trail, written in batches and not an event each: it is read again while somebody looks. */
import { useIntervalFn } from '@vueuse/core'

const EVERY_MS = 4000

export function useRefresh(read: () => Promise<unknown>): void {
  useIntervalFn(() => {
    if (!document.hidden) read().catch(() => undefined) // the next turn asks again
  }, EVERY_MS)
}
