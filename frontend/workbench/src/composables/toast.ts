/** Short words at the edge of the screen; a problem says why. */
import { ref } from 'vue'
import { i18n } from '@/i18n'

export interface Toast {
  id: number
  text: string
  bad: boolean
  action?: { text: string; run: () => void }
}

const SHOWN_MS = 4200
const all = ref<Toast[]>([])
let count = 0

export const useToasts = () => all

export function dismiss(id: number): void {
  all.value = all.value.filter((toast) => toast.id !== id)
}

export function say(text: string, options: { bad?: boolean; action?: Toast['action'] } = {}): void {
  const toast: Toast = { id: ++count, text, bad: options.bad ?? false }
  if (options.action) toast.action = options.action
  all.value = [...all.value.slice(-3), toast]
  setTimeout(() => dismiss(toast.id), SHOWN_MS)
}

/** Runs something that may be refused; the refusal is shown, and the answer says whether it went well. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem)
    say(i18n.global.t('failed', { reason }), { bad: true })
    return false
  }
}
