/** Every configurable thing by its words in both languages, made of what the settings declare of themselves. */
import type { ConfigKind } from '@/client/admin'
import type { Schema } from '../config/schema'
import { resolved } from '../config/schema'
import { FIELDS } from '../inboxes/fields'
import type { Part } from '../parts'
import { GROUPS } from '../parts'

/** Words by their path, of one language. */
export type Words = (path: string) => string | undefined
export interface Titles { zh: string; en: string }

/** `field` is where its page is opened at: the path of a value in a document, or of a field of an inbox. */
export interface Entry {
  key: string
  part: Part
  title: Titles
  of?: Titles
  kind?: string
  channel?: string
  field?: string
  more: string // what it is also called
}

const DEEP = 6

export function entriesOf(kinds: ConfigKind[], zh: Words, en: Words): Entry[] {
  const both = (path: string, otherwise = ''): Titles => ({ zh: zh(path) ?? otherwise, en: en(path) ?? otherwise })
  const said = (path: string) => `${zh(path) ?? ''} ${en(path) ?? ''}`
  const parts = GROUPS.flatMap((group) => group.parts).map((part): Entry => ({
    key: part, part, title: both(`settings.${part}`, part), more: `${said(`settings_more.${part}`)} ${said(`settings_help.${part}`)}`,
  }))
  const documents = kinds.flatMap((kind) => {
    const of: Titles = kind.title
    const own: Entry = { key: `config/${kind.name}`, part: 'config', kind: kind.name, title: of, more: `${said(`config_more.${kind.name}`)} ${said(`config_kind.${kind.name}`)}` }
    const titled = (name: string) => {
      const special = both(`config_field_of.${kind.name}_${name}`)
      return special.zh ? special : both(`config_field.${name}`, name)
    }
    const fields = pathsOf(kind.schema as Schema).map((path): Entry => ({
      key: `config/${kind.name}/${path}`, part: 'config', kind: kind.name, field: path, title: titled(path.split('.').at(-1) ?? path), of, more: '',
    }))
    return [own, ...fields]
  })
  const inboxes = Object.entries(FIELDS).flatMap(([channel, fields]) => fields.map((field): Entry => ({
    key: `inboxes/${channel}/${field.path}`, part: 'inboxes', channel, field: field.path,
    title: both(`fields.${field.name}`, field.name), of: both(`channel.${channel}`, channel), more: said(`inbox.group_${field.group}`),
  })))
  return [...parts, ...documents, ...inboxes]
}

/** Where each value of a document stands; members of lists and maps are of one place. */
export function pathsOf(schema: Schema): string[] {
  const found = new Set<string>()
  const walk = (of: Schema, path: string, depth: number): void => {
    if (depth > DEEP) return
    const it = resolved(of, schema)
    for (const each of it.anyOf ?? []) walk(each, path, depth + 1)
    for (const [name, each] of Object.entries(it.properties ?? {})) {
      const here = path ? `${path}.${name}` : name
      found.add(here)
      walk(each, here, depth + 1)
    }
    if (it.items) walk(it.items, path, depth + 1)
    if (typeof it.additionalProperties === 'object') walk(it.additionalProperties, path, depth + 1)
  }
  walk(schema, '', 0)
  return [...found]
}

export type Sounds = (text: string) => { full: string; first: string }

export function soundsOf(spelled: Record<string, string>): Sounds {
  const known = new Map(Object.entries(spelled).flatMap(([sound, all]) => [...all].map((character) => [character, sound] as const)))
  return (text) => {
    const parts = [...text.toLowerCase()].map((character) => known.get(character) ?? character)
    return { full: parts.join(''), first: parts.map((part) => part[0] ?? '').join('') }
  }
}

const MOST = 40

/** The best first: is called or also called so, begins with it, has it, sounds like it. Several words must all be found. */
export function found(entries: Entry[], query: string, sounds: Sounds): Entry[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return []
  const ranked = entries.map((entry) => ({ entry, rank: Math.max(...words.map((word) => rankOf(entry, word, sounds))) }))
  return ranked.filter(({ rank }) => rank < NONE).sort((a, b) => a.rank - b.rank || depth(a.entry) - depth(b.entry)).slice(0, MOST).map(({ entry }) => entry)
}

const NONE = 9
const depth = (entry: Entry) => (entry.field ? entry.field.split('.').length : 0)

function rankOf(entry: Entry, word: string, sounds: Sounds): number {
  const { title, of, more, kind, field } = entry
  const [zh, en] = [title.zh.toLowerCase(), title.en.toLowerCase()]
  if (zh === word || en === word) return field ? 2 : 0
  const also = field ? [] : more.toLowerCase().split(/\s+/)
  if (also.includes(word)) return 1
  if (zh.startsWith(word) || en.startsWith(word)) return field ? 2.5 : 2
  if (zh.includes(word) || en.includes(word)) return 3
  if (/^[a-z]{2,}$/.test(word)) {
    const heard = heardAs([zh], word, sounds)
    if (heard < NONE) return heard
    if (heardAs(also, word, sounds) === HEARD_FIRST) return HEARD_LAST
  }
  if (more.toLowerCase().includes(word)) return 7
  const above = `${of?.zh ?? ''} ${of?.en ?? ''} ${kind ?? ''} ${field ?? ''}`.toLowerCase()
  return above.includes(word) ? 8 : NONE
}

const [HEARD_FIRST, HEARD_LAST] = [4, 6]

/** By pinyin, in full or by first letters. */
function heardAs(said: string[], word: string, sounds: Sounds): number {
  const heard = said.map(sounds)
  if (heard.some(({ full, first }) => full.startsWith(word) || first.startsWith(word))) return HEARD_FIRST
  return heard.some(({ full, first }) => full.includes(word) || first.includes(word)) ? 5 : NONE
}
