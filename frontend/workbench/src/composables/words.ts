/** Enumerations of the wire as the floor's words, and the colour each has everywhere. */
import { useI18n } from 'vue-i18n'
import type { Status } from '@/client/types'
import { useReference } from '@/stores/reference'

const STATUS_TONE: Record<Status, string> = {
  new: 'violet', open: 'blue', pending: 'amber', done: 'green', cancelled: '',
}
const PRIORITY_TONE: Record<number, string> = { 1: '', 2: '', 3: 'amber', 4: 'red' }

export const statusTone = (status: Status | null | undefined) => (status ? STATUS_TONE[status] : '')
export const priorityTone = (priority: number | null | undefined) => PRIORITY_TONE[priority ?? 2] ?? ''

/** The word of a group, or the raw key where a newer server knows more than this page. */
export function useWords() {
  const { t, te } = useI18n()
  const typed = useTypes()
  return (group: string, key: string | number | null | undefined): string => {
    if (key === null || key === undefined || key === '') return ''
    if (group === 'type') return typed.name(String(key))
    const path = `${group}.${key}`
    return te(path) ? t(path) : String(key)
  }
}

/** What a kind of identifiers is called: as the house names it, else as we do. */
export function useKinds() {
  const { t, te, locale } = useI18n()
  const reference = useReference()
  const find = (key: string): string | undefined => {
    const own = reference.house.identifiers.find((each) => each.key === key)
    if (own) return locale.value.startsWith('zh') ? own.zh : own.en
    return te(`customer.kind_${key}`) ? t(`customer.kind_${key}`) : undefined
  }
  return { find, name: (key: string): string => find(key) ?? key }
}

/** The address of somebody as it may be read; who came by the window alone has none, and is called by that word. */
export function useMasked() {
  const { t } = useI18n()
  return (masked: string | null | undefined): string => (masked === '访客' ? t('customer.visitor') : (masked ?? ''))
}

/** The tree of ticket types: what is offered, indented by its depth, and what each is called. */
export function useTypes() {
  const { locale } = useI18n()
  const reference = useReference()
  const zh = () => locale.value.startsWith('zh')
  const find = (key: string) => reference.house.types.find((type) => type.key === key)
  const name = (key: string): string => {
    const type = find(key)
    return type ? (zh() ? type.zh : type.en) : key
  }
  return {
    name,
    ownWords: (key: string) => find(key)?.own_words ?? false,
    /** For a picker: the one a ticket has stays in it, whether it is offered or not. */
    choices: (kept?: string) =>
      reference.house.types.filter((type) => type.offered || type.key === kept).map((type) => ({
        key: type.key, label: `${'\u3000'.repeat(type.key.split('.').length - 1)}${zh() ? type.zh : type.en}`,
      })),
  }
}

const BARE = /\[(image|voice|video|file|location|link|card|order|sticker|event|unsupported)\]$/

/** A line that stands for something without words, "[image]", in the reader's words. */
export function useBrief() {
  const { t } = useI18n()
  return (line: string): string => line.replace(BARE, (_, kind: string) => `[${t(`bare.${kind}`)}]`)
}
