/** Enumerations of the wire as the floor's words, and the colour each has everywhere. */
import { useI18n } from 'vue-i18n'
import type { Status } from '@/client/types'

const STATUS_TONE: Record<Status, string> = {
  new: 'violet', open: 'blue', pending: 'amber', done: 'green', cancelled: '',
}
const PRIORITY_TONE: Record<number, string> = { 1: '', 2: '', 3: 'amber', 4: 'red' }

export const statusTone = (status: Status | null | undefined) => (status ? STATUS_TONE[status] : '')
export const priorityTone = (priority: number | null | undefined) => PRIORITY_TONE[priority ?? 2] ?? ''

/** The word of a group, or the raw key where a newer server knows more than this page. */
export function useWords() {
  const { t, te } = useI18n()
  return (group: string, key: string | number | null | undefined): string => {
    if (key === null || key === undefined || key === '') return ''
    const path = `${group}.${key}`
    return te(path) ? t(path) : String(key)
  }
}
