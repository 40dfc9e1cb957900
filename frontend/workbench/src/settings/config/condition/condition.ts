/** A condition as the editor holds it: groups of which all, one or none must hold, and questions; and back to its JSON. */
import type { InjectionKey, Ref } from 'vue'
import type { components } from '@/client/schema'

type Wire = components['schemas']
export type AskedField = Wire['FieldShape']
export type Choice = Wire['Choice']
export type Fitting = Wire['Fitting']

export type Word = 'all' | 'any' | 'none'
export interface Question { field: string; op: string; value?: unknown }
export interface Group { word: Word; parts: Part[] }
export type Part = Question | Group
type Tree = Record<string, unknown>

/** What the editor needs of the document it stands in. */
export interface Vocabulary { kind: Ref<string>; fields: Ref<AskedField[]>; choices: Ref<Choice[]>; calendars: Ref<{ id: string; name: string }[]>; layered: Ref<boolean>; document?: Ref<Record<string, unknown> | null>; replies?: Ref<{ id: string; name: string }[]>; above?: Ref<Record<string, unknown> | null> }
export const VOCABULARY: InjectionKey<Vocabulary> = Symbol('vocabulary')

export const isGroup = (part: Part): part is Group => 'parts' in part
export const BARE = ['is_empty', 'is_set']
export const SEVERAL = ['in', 'not_in']

/** Null for what this editor cannot show: it stays JSON. */
export function read(tree: unknown): Group | null {
  if (tree === undefined || tree === null) return { word: 'all', parts: [] }
  const part = readPart(tree)
  if (!part) return null
  return isGroup(part) ? part : { word: 'all', parts: [part] }
}

function readPart(tree: unknown): Part | null {
  if (Array.isArray(tree)) return group('all', tree)
  if (typeof tree !== 'object' || !tree) return null
  const it = tree as Tree
  if (!Object.keys(it).length) return { word: 'all', parts: [] }
  if (Array.isArray(it['all'])) return group('all', it['all'])
  if (Array.isArray(it['any'])) return group('any', it['any'])
  if ('not' in it) return negated(it['not'])
  return typeof it['field'] === 'string' && typeof it['op'] === 'string' ? (it as unknown as Question) : null
}

function negated(tree: unknown): Group | null {
  const inner = readPart(tree)
  if (!inner) return null
  return isGroup(inner) && inner.word === 'any' ? { word: 'none', parts: inner.parts } : { word: 'none', parts: [inner] }
}

function group(word: Word, trees: unknown[]): Group | null {
  const parts = trees.map(readPart)
  return parts.every((part): part is Part => part !== null) ? { word, parts } : null
}

/** A group with nothing in it asks nothing. */
export function write(of: Group): Tree {
  const parts = of.parts.map((part) => (isGroup(part) ? write(part) : part)).filter((part) => Object.keys(part).length)
  if (!parts.length) return {}
  return of.word === 'none' ? { not: { any: parts } } : { [of.word]: parts }
}

/** Where the server says that a part is wrong. */
export const placeOf = (base: string, of: Group, at: number) => `${base}.${of.word === 'none' ? 'not.any' : of.word}[${at}]`

export function blank(field: AskedField | undefined): Question {
  if (!field) return { field: '', op: 'eq', value: '' }
  const op = usual(field)
  return { field: field.name, op, value: valueFor(field, op) }
}

const FIRST: Record<string, string> = { list: 'contains', number: 'gte', time: 'within', bool: 'eq', text: 'eq', id: 'eq' }
export const usual = (field: AskedField) => (field.name === 'text' || field.name === 'subject' || field.name === 'stated' ? 'contains' : (FIRST[field.type] ?? 'eq'))

/** What a comparison begins with; what was said before is kept where it still fits. */
export function valueFor(field: AskedField, op: string, before?: unknown): unknown {
  if (BARE.includes(op)) return undefined
  if (op === 'within') return typeof before === 'number' ? before : 60
  const several = SEVERAL.includes(op)
  const said = (Array.isArray(before) ? before : [before]).filter((each) => fits(field, each))
  if (several) return said
  if (said.length) return said[0]
  return field.type === 'bool' ? true : field.type === 'number' ? Number(field.choices[0] ?? 1) : ''
}

function fits(field: AskedField, value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  return field.type === 'number' ? typeof value === 'number' : field.type === 'bool' ? typeof value === 'boolean' : typeof value === 'string'
}
