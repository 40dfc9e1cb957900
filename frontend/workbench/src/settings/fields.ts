/** The fields of each channel: where a value lives in the inbox's settings or among its secrets. */
import type { Channel } from '@/client/types'

export interface Field {
  name: string
  path: string // dotted, below `settings`; of a secret its name
  kind: 'text' | 'number' | 'lines' | 'area' | 'choice' | 'color'
  secret?: boolean
  choices?: string[]
  required?: boolean
  wide?: boolean
  initial?: string | number
}

const SECURITY = ['tls', 'starttls', 'none']

export const FIELDS: Record<Channel, Field[]> = {
  webchat: [
    { name: 'color', path: 'color', kind: 'color', initial: '#2563eb' },
    { name: 'locale', path: 'locale', kind: 'choice', choices: ['zh-CN', 'en'], initial: 'zh-CN' },
    { name: 'title', path: 'title', kind: 'text' },
    { name: 'subtitle', path: 'subtitle', kind: 'text' },
    { name: 'welcome', path: 'welcome.0.text', kind: 'area', wide: true },
    { name: 'origins', path: 'allowed_origins', kind: 'lines', wide: true },
  ],
  email: [
    { name: 'address', path: 'address', kind: 'text', required: true },
    { name: 'from_name', path: 'from_name', kind: 'text' },
    { name: 'protocol', path: 'protocol', kind: 'choice', choices: ['imap', 'pop3', 'spool'], initial: 'imap' },
    { name: 'user', path: 'user', kind: 'text' },
    { name: 'imap_host', path: 'incoming.host', kind: 'text' },
    { name: 'imap_port', path: 'incoming.port', kind: 'number', initial: 993 },
    { name: 'security', path: 'incoming.security', kind: 'choice', choices: SECURITY, initial: 'tls' },
    { name: 'password', path: 'password', kind: 'text', secret: true },
    { name: 'smtp_host', path: 'outgoing.host', kind: 'text' },
    { name: 'smtp_port', path: 'outgoing.port', kind: 'number', initial: 465 },
    { name: 'security', path: 'outgoing.security', kind: 'choice', choices: SECURITY, initial: 'tls' },
    { name: 'signature', path: 'signature', kind: 'area', wide: true },
  ],
  generic: [
    { name: 'callback_url', path: 'callback_url', kind: 'text', wide: true },
    { name: 'secret', path: 'secret', kind: 'text', secret: true, wide: true },
  ],
}

type Tree = Record<string, unknown>
export type Values = Record<string, string>

export function readPath(tree: Tree, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Tree)[key] : undefined), tree)
}

function writePath(tree: Tree, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop() as string
  let at = tree
  keys.forEach((key, index) => {
    at[key] ??= /^\d+$/.test(keys[index + 1] ?? last) ? [] : {}
    at = at[key] as Tree
  })
  at[last] = value
}

/** What the form shows: secrets are never told, so they begin empty. */
export function valuesOf(fields: Field[], settings: Tree): Values {
  return Object.fromEntries(
    fields.map((field) => {
      const kept = field.secret ? '' : (readPath(settings, field.path) ?? field.initial ?? '')
      return [field.path, Array.isArray(kept) ? kept.join('\n') : String(kept)]
    }),
  )
}

/** Back into settings and secrets. Unknown settings stay; a server without a host is no server. */
export function settingsOf(fields: Field[], values: Values, before: Tree): { settings: Tree; secrets: Record<string, string> } {
  const settings: Tree = JSON.parse(JSON.stringify(before)) as Tree
  const secrets: Record<string, string> = {}
  for (const field of fields) {
    const value = (values[field.path] ?? '').trim()
    if (field.secret) {
      if (value) secrets[field.path] = value
    } else if (field.kind === 'lines') writePath(settings, field.path, value.split(/\s+/).filter(Boolean))
    else if (field.kind === 'number') writePath(settings, field.path, Number(value))
    else if (value || readPath(before, field.path) !== undefined || field.path.includes('.')) writePath(settings, field.path, value)
  }
  for (const server of ['incoming', 'outgoing']) {
    if (server in settings && !readPath(settings, `${server}.host`)) Reflect.deleteProperty(settings, server)
  }
  const welcome = settings['welcome']
  if (Array.isArray(welcome)) settings['welcome'] = welcome.filter((each: { text?: string }) => each.text)
  return { settings, secrets }
}
