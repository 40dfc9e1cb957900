/** Short words at the edge of the screen; a problem says why, and stays long enough to be read. */
import { ref } from 'vue'
import { Problem } from '@/client/http'
import { sentenceOf } from './problems'

export interface Toast {
  id: number
  text: string
  bad: boolean
  action?: { text: string; run: () => void }
}

/** `here`: whether what offers it is in use now. */
type Help = NonNullable<Toast['action']> & { here?: () => boolean }

const SHOWN_MS = 4200
const LONG_MS = 9000 // to be read, or to be acted on
const KEPT = 4
const all = ref<Toast[]>([])
/** What helps against a refusal, by its code: offered by what is on the screen, the latest first. */
const helps = new Map<string, Help[]>()
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

/** As long as something on the screen helps against this refusal. Returns what takes the offer back. */
export function offerHelp(code: string, action: Help): () => void {
  helps.set(code, [...(helps.get(code) ?? []), action])
  return () => void helps.set(code, (helps.get(code) ?? []).filter((each) => each !== action))
}

/** Runs something that may be refused; the refusal is shown, and the answer says whether it went well. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (problem) {
    const action = problem instanceof Problem ? helps.get(problem.code)?.filter((each) => each.here?.() ?? true).at(-1) : undefined
    say(sentenceOf(problem), { bad: true, ...(action && { action }) })
    return false
  }
}
