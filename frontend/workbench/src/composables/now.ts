/** One clock for every counting second on the screen, set by the server's. */
import { useIntervalFn } from '@vueuse/core'
import { ref } from 'vue'

let ahead = 0 // how far the server's clock is ahead of this machine's, in ms

const now = ref(Date.now())

/** `at`: what this machine's clock showed when it was said. */
export function setServerTime(said: string, at = Date.now()): void {
  const time = Date.parse(said)
  if (!Number.isNaN(time)) ahead = time - at
  now.value = Date.now() + ahead
}

export const serverNow = () => Date.now() + ahead

/** For spans: goes on where somebody sets this machine's clock. */
export const steadyNow = () => performance.timeOrigin + performance.now()

/** Milliseconds, moving once a second; call it once, in the root. */
export function runClock(): void {
  useIntervalFn(() => (now.value = serverNow()), 1000)
}

export const useNow = () => now
