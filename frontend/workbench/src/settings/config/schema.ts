/** JSON Schema as the server's kinds give it, read as far as a form needs it. */
export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  type?: string | string[]
  title?: string
  description?: string
  enum?: (string | number)[]
  const?: unknown
  anyOf?: Schema[]
  items?: Schema | false
  prefixItems?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  default?: unknown
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  uniqueItems?: boolean
}

export type Shape =
  | 'choice' | 'switch' | 'number' | 'text' | 'long' | 'places' | 'choices' | 'lines' | 'list' | 'record' | 'map' | 'hours' | 'condition' | 'moment' | 'date' | 'day' | 'time' | 'numbers' | 'json'

const PLACES = ['inboxes', 'teams', 'agents', 'skills']
const LONG = 200

export function resolved(schema: Schema, root: Schema): Schema {
  const known = schema.$ref ? root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] : undefined
  const here = known ? { ...known, ...schema, $ref: undefined, default: schema.default ?? known.default } : schema
  const some = here.anyOf?.filter((each) => each.type !== 'null')
  if (here.anyOf && some?.length === 1 && some[0]) return resolved({ ...some[0], default: here.default } as Schema, root)
  return here as Schema
}

export function shapeOf(key: string, schema: Schema, root: Schema): Shape {
  if (key === 'when') return 'condition'
  const it = resolved(schema, root)
  if (it.enum) return 'choice'
  if (it.type === 'boolean') return 'switch'
  if (it.type === 'integer' || it.type === 'number') return 'number'
  if (it.type === 'string' && key === 'at' && it.pattern?.includes('breach')) return 'moment'
  if (it.type === 'string' && it.format === 'date-time') return 'date'
  if (it.type === 'string' && it.format === 'date') return 'day'
  if (it.type === 'string' && it.pattern?.includes(':[0-5]')) return 'time'
  if (it.type === 'string') return (it.maxLength ?? 0) > LONG ? 'long' : 'text'
  if (it.type === 'array' && it.prefixItems?.every((each) => each.type === 'integer')) return 'numbers'
  if (it.type === 'array' && it.items) return arrayShape(key, resolved(it.items, root))
  if (it.properties) return 'tz' in it.properties && 'weekly' in it.properties ? 'hours' : 'record'
  if (it.type === 'object' && typeof it.additionalProperties === 'object') return 'map'
  return 'json'
}

function arrayShape(key: string, item: Schema): Shape {
  if (PLACES.includes(key) && item.type === 'string') return 'places'
  if (item.enum) return 'choices'
  if (item.type === 'string') return 'lines'
  if (item.type === 'integer') return 'numbers'
  return item.properties ? 'list' : 'json'
}

const SMALL: Shape[] = ['number', 'choice', 'switch', 'text', 'time']

export function layoutOf(schema: Schema, root: Schema): '' | 'line' | 'lines' {
  const fields = Object.entries(schema.properties ?? {})
  const shapes = fields.map(([key, of]) => shapeOf(key, of, root))
  if (fields.length > 1 && fields.length <= 3 && shapes.every((shape) => SMALL.includes(shape))) return 'line'
  const nested = fields.every(([, of], index) => shapes[index] === 'record' && layoutOf(resolved(of, root), root) === 'line')
  return fields.length > 1 && nested ? 'lines' : ''
}

/** What a new member of a list, or a value just switched on, begins with. */
export function blankOf(schema: Schema, root: Schema): unknown {
  const it = resolved(schema, root)
  if (it.default !== undefined && it.default !== null) return it.default
  if (it.enum) return it.enum[0]
  if (it.type === 'boolean') return false
  if (it.type === 'integer' || it.type === 'number') return it.minimum ?? 0
  if (it.type === 'string') return ''
  if (it.type === 'array') return []
  const needed = (it.required ?? []).map((key) => [key, blankOf(it.properties?.[key] ?? {}, root)])
  return Object.fromEntries(needed)
}

/** 900 seconds are 15 minutes: what people count in. */
export function spanWords(seconds: number): { n: number; unit: 's' | 'm' | 'h' | 'd' } {
  const units: [number, 'd' | 'h' | 'm'][] = [[86_400, 'd'], [3600, 'h'], [60, 'm']]
  for (const [size, unit] of units) if (seconds >= size && seconds % size === 0) return { n: seconds / size, unit }
  return { n: seconds, unit: 's' }
}

export const isSpan = (key: string, schema: Schema) => /(?:_s|_seconds)$/.test(key) || schema.description === 'seconds'
