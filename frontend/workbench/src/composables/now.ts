/** One clock for every counting second on the screen, set by the server's. */
import { useIntervalFn } from '@vueuse/core'
import { ref } from 'vue'

let ahead = 0 // how far the server's clock is ahead of this machine's, in ms

const now = ref(Date.now())

export function setServerTime(said: string): void {
  const time = Date.parse(said)
  if (!Number.isNaN(time)) ahead = time - Date.now()
  now.value = Date.now() + ahead
}

export const serverNow = () => Date.now() + ahead

/** Milliseconds, moving once a second; call it once, in the root. */
export function runClock(): void {
  useIntervalFn(() => (now.value = serverNow()), 1000)
}

export const useNow = () => now
