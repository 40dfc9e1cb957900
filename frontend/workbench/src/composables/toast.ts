/** Short words at the edge of the screen; a problem says why, and stays long enough to be read. */
import { ref } from 'vue'
import { sentenceOf } from './problems'

export interface Toast {
  id: number
  text: string
  bad: boolean
  action?: { text: string; run: () => void }
}

const SHOWN_MS = 4200
const LONG_MS = 9000 // to be read, or to be acted on
const KEPT = 4
const all = ref<Toast[]>([])
let count = 0

export const useToasts = () => all

export function dismiss(id: number): void {
  all.value = all.value.filter((toast) => toast.id !== id)
}

/** The same words twice are one toast that begins anew: a failing list must not fill the screen. */
export function say(text: string, options: { bad?: boolean; action?: Toast['action'] } = {}): void {
  const toast: Toast = { id: ++count, text, bad: options.bad ?? false }
  if (options.action) toast.action = options.action
  all.value = [...all.value.filter((known) => known.text !== text), toast].slice(-KEPT)
  setTimeout(() => dismiss(toast.id), toast.bad || toast.action ? LONG_MS : SHOWN_MS)
}

/** Runs something that may be refused; the refusal is shown, and the answer says whether it went well. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (problem) {
    say(sentenceOf(problem), { bad: true })
    return false
  }
}
