/** What a web chat has many of: greetings, questions before the first word, invitations. Where each value lives. */
import { readPath, writePath } from './fields'

type Tree = Record<string, unknown>

export interface Part {
  path: string // dotted, within one of them
  kind: 'text' | 'area' | 'lines' | 'number' | 'time' | 'switch' | 'choice'
  choices?: string[]
  initial?: boolean
  must?: boolean
  wide?: boolean
  when?: [path: string, value: string]
}

export interface PartList {
  name: string // of its words
  path: string // of the list in the settings
  shown: string // what names one of them in its head
  fresh: Tree
  parts: Part[]
}

const HOURS: Part[] = [{ path: 'hours.start', kind: 'time' }, { path: 'hours.end', kind: 'time' }]

export const LISTS: PartList[] = [
  {
    name: 'welcome', path: 'welcome', shown: 'text', fresh: { text: '' },
    parts: [
      { path: 'text', kind: 'area', must: true, wide: true }, { path: 'questions', kind: 'lines', wide: true }, ...HOURS,
      { path: 'locale', kind: 'choice', choices: ['', 'zh-CN', 'en'] }, { path: 'page', kind: 'text' }, { path: 'sources', kind: 'lines', wide: true },
    ],
  },
  {
    name: 'pre_chat', path: 'pre_chat.fields', shown: 'label', fresh: { name: '', label: '', type: 'text' },
    parts: [
      { path: 'label', kind: 'text', must: true }, { path: 'name', kind: 'text', must: true },
      { path: 'type', kind: 'choice', choices: ['text', 'email', 'tel', 'select'] }, { path: 'required', kind: 'switch', initial: false },
      { path: 'options', kind: 'lines', wide: true, when: ['type', 'select'] },
    ],
  },
  {
    name: 'invite', path: 'rules', shown: 'text', fresh: { id: '', text: '' },
    parts: [
      { path: 'text', kind: 'area', must: true, wide: true }, { path: 'id', kind: 'text', must: true }, { path: 'url_contains', kind: 'text' },
      { path: 'page_seconds', kind: 'number' }, { path: 'visit_seconds', kind: 'number' }, { path: 'pages', kind: 'number' }, { path: 'scroll_percent', kind: 'number' },
      { path: 'views.url_contains', kind: 'text' }, { path: 'views.count', kind: 'number' }, { path: 'event', kind: 'text' }, { path: 'cart_value', kind: 'number' },
      ...HOURS, { path: 'sources', kind: 'lines', wide: true }, { path: 'exit_intent', kind: 'switch', initial: false },
      { path: 'only_online', kind: 'switch', initial: true }, { path: 'enabled', kind: 'switch', initial: true },
    ],
  },
]

/** As a field of the form shows it. */
export function shownValue(item: Tree, part: Part): string {
  const kept = readPath(item, part.path)
  if (Array.isArray(kept)) return kept.join('\n')
  if (kept === undefined || kept === null) return part.kind === 'switch' ? String(part.initial ?? false) : ''
  return part.kind === 'time' ? String(kept).slice(0, 5) : String(kept)
}

/** One of them with another value; what is empty is not said, and half a span or half a count is none. */
export function changed(item: Tree, part: Part, said: string): Tree {
  const next = JSON.parse(JSON.stringify(item)) as Tree
  const value = part.kind === 'lines' ? said.split(/\n+/).map((line) => line.trim()).filter(Boolean)
    : part.kind === 'number' ? Number(said)
    : part.kind === 'switch' ? said === 'true'
    : part.kind === 'time' && said ? `${said}:00`
    : said
  writePath(next, part.path, said === '' && !part.must ? undefined : value)
  return next
}

/** What is saved: without those that say nothing. */
export function cleaned(items: Tree[]): Tree[] {
  return items.filter((item) => item['text'] || item['label']).map((item) => {
    const kept = JSON.parse(JSON.stringify(item)) as Tree
    for (const [whole, needs] of [['hours', ['start', 'end']], ['views', ['url_contains', 'count']]] as const) {
      if (whole in kept && !needs.every((part) => readPath(kept, `${whole}.${part}`))) Reflect.deleteProperty(kept, whole)
    }
    return kept
  })
}
