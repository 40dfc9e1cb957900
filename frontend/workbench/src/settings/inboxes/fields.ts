/** The fields of each channel: where a value lives in the inbox's settings or among its secrets. */
import type { ChannelRow } from '@/client/settings'
import type { Channel } from '@/client/types'

export interface Said {
  zh: string
  en: string
}

export interface Field {
  name: string
  path: string // dotted, below `settings`; of a secret its name
  kind: 'text' | 'number' | 'lines' | 'area' | 'choice' | 'color' | 'switch' | 'inbox'
  group: string
  secret?: boolean
  of?: Channel | 'sms' // an inbox of this channel, or family
  choices?: string[]
  required?: boolean
  wide?: boolean
  initial?: string | number | boolean
  hint?: boolean // has words of explanation
  label?: Said // of a channel that brings its own words
  help?: Said
  named?: Record<string, Said> // what its choices are called
  when?: [path: string, ...values: string[]] // shown only while another field says so
}

const SECURITY = ['tls', 'starttls', 'none']

export const FIELDS = {
  webchat: [
    { group: 'look', name: 'title', path: 'title', kind: 'text', hint: true },
    { group: 'look', name: 'subtitle', path: 'subtitle', kind: 'text' },
    { group: 'look', name: 'color', path: 'color', kind: 'color', initial: '#2563eb' },
    { group: 'look', name: 'position', path: 'position', kind: 'choice', choices: ['right', 'left'], initial: 'right' },
    { group: 'look', name: 'locale', path: 'locale', kind: 'choice', choices: ['zh-CN', 'en'], initial: 'zh-CN' },
    { group: 'look', name: 'logo', path: 'logo', kind: 'text' },
    { group: 'talk', name: 'pre_chat_title', path: 'pre_chat.title', kind: 'text' },
    { group: 'talk', name: 'invitations_per_day', path: 'invitations_per_day', kind: 'number', initial: 2 },
    { group: 'talk', name: 'rating_tags', path: 'rating_tags', kind: 'lines', wide: true },
    { group: 'talk', name: 'callback', path: 'callback', kind: 'switch', initial: true },
    { group: 'talk', name: 'answer_by_mail', path: 'answer_by_mail', kind: 'inbox', of: 'email', hint: true },
    { group: 'talk', name: 'answer_by_text', path: 'answer_by_text', kind: 'inbox', of: 'sms', hint: true },
    { group: 'talk', name: 'answer_by_mail_after', path: 'answer_by_mail_after', kind: 'number', initial: 180 },
    { group: 'talk', name: 'queue_cap', path: 'queue_cap', kind: 'number', initial: 0, hint: true },
    { group: 'push', name: 'push_after', path: 'push.after', kind: 'number', initial: 10, hint: true },
    { group: 'push', name: 'push_quiet_start', path: 'push.quiet_start', kind: 'text', hint: true },
    { group: 'push', name: 'push_quiet_end', path: 'push.quiet_end', kind: 'text' },
    { group: 'push', name: 'push_with_text', path: 'push.with_text', kind: 'switch', initial: false, hint: true },
    { group: 'push', name: 'apns_topic', path: 'push.apns_topic', kind: 'text' },
    { group: 'push', name: 'apns_team', path: 'push.apns_team', kind: 'text' },
    { group: 'push', name: 'apns_key_id', path: 'push.apns_key_id', kind: 'text' },
    { group: 'push', name: 'apns_url', path: 'push.apns_url', kind: 'text', initial: 'https://api.push.apple.com', hint: true },
    { group: 'push', name: 'apns_key', path: 'push_apns_key', kind: 'area', secret: true, wide: true },
    { group: 'push', name: 'fcm_account', path: 'push_fcm_account', kind: 'area', secret: true, wide: true, hint: true },
    { group: 'push', name: 'getui_app_id', path: 'push.getui_app_id', kind: 'text' },
    { group: 'push', name: 'getui_app_key', path: 'push.getui_app_key', kind: 'text' },
    { group: 'push', name: 'getui_secret', path: 'push_getui_secret', kind: 'text', secret: true, wide: true },
    { group: 'push', name: 'jpush_app_key', path: 'push.jpush_app_key', kind: 'text' },
    { group: 'push', name: 'jpush_secret', path: 'push_jpush_secret', kind: 'text', secret: true },
    { group: 'push', name: 'jpush_production', path: 'push.jpush_production', kind: 'switch', initial: true },
    { group: 'wechat', name: 'wechat_mini', path: 'wechat_mini', kind: 'inbox', of: 'wechat_mini', hint: true },
    { group: 'wechat', name: 'wechat_mp', path: 'wechat_mp', kind: 'inbox', of: 'wechat_mp', hint: true },
    { group: 'wechat', name: 'wechat_phone', path: 'wechat_phone', kind: 'switch', initial: false, hint: true, wide: true },
    { group: 'safety', name: 'origins', path: 'allowed_origins', kind: 'lines', wide: true, hint: true },
    { group: 'safety', name: 'tracking', path: 'tracking', kind: 'switch', initial: true, hint: true },
    { group: 'safety', name: 'consent', path: 'consent', kind: 'switch', initial: false, hint: true },
    { group: 'safety', name: 'identity_secret', path: 'identity_secret', kind: 'text', secret: true, wide: true, hint: true },
    { group: 'safety', name: 'server_secret', path: 'server_secret', kind: 'text', secret: true, wide: true, hint: true },
  ],
  email: [
    { group: 'mailbox', name: 'address', path: 'address', kind: 'text', required: true, hint: true },
    { group: 'mailbox', name: 'from_name', path: 'from_name', kind: 'text' },
    { group: 'mailbox', name: 'auth', path: 'auth', kind: 'choice', choices: ['password', 'xoauth2'], initial: 'password' },
    { group: 'mailbox', name: 'password', path: 'password', kind: 'text', secret: true, hint: true, when: ['auth', 'password'] },
    { group: 'oauth', name: 'grant', path: 'oauth.grant', kind: 'choice', choices: ['refresh_token', 'client_credentials', 'service_account'], initial: 'refresh_token', when: ['auth', 'xoauth2'] },
    { group: 'oauth', name: 'client_id', path: 'oauth.client_id', kind: 'text', when: ['auth', 'xoauth2'] },
    { group: 'oauth', name: 'token_url', path: 'oauth.token_url', kind: 'text', wide: true, hint: true, when: ['auth', 'xoauth2'] },
    { group: 'oauth', name: 'authorize_url', path: 'oauth.authorize_url', kind: 'text', wide: true, hint: true, when: ['oauth.grant', 'refresh_token'] },
    { group: 'oauth', name: 'scope', path: 'oauth.scope', kind: 'text', wide: true, when: ['auth', 'xoauth2'] },
    { group: 'oauth', name: 'client_secret', path: 'client_secret', kind: 'text', secret: true, when: ['auth', 'xoauth2'] },
    { group: 'oauth', name: 'refresh', path: 'refresh_token', kind: 'text', secret: true, when: ['oauth.grant', 'refresh_token'] },
    { group: 'oauth', name: 'service_key', path: 'service_key', kind: 'area', secret: true, wide: true, when: ['oauth.grant', 'service_account'] },
    { group: 'oauth', name: 'token', path: 'token', kind: 'text', secret: true, hint: true, when: ['auth', 'xoauth2'] },
    { group: 'mailbox', name: 'user', path: 'user', kind: 'text', hint: true },
    { group: 'incoming', name: 'protocol', path: 'protocol', kind: 'choice', choices: ['imap', 'pop3', 'spool'], initial: 'imap', hint: true },
    { group: 'incoming', name: 'host', path: 'incoming.host', kind: 'text', when: ['protocol', 'imap', 'pop3'] },
    { group: 'incoming', name: 'port', path: 'incoming.port', kind: 'number', initial: 993, when: ['protocol', 'imap', 'pop3'] },
    { group: 'incoming', name: 'security', path: 'incoming.security', kind: 'choice', choices: SECURITY, initial: 'tls', when: ['protocol', 'imap', 'pop3'] },
    { group: 'incoming', name: 'history_days', path: 'history_days', kind: 'number', initial: 0, hint: true, when: ['protocol', 'imap', 'pop3'] },
    { group: 'outgoing', name: 'host', path: 'outgoing.host', kind: 'text' },
    { group: 'outgoing', name: 'port', path: 'outgoing.port', kind: 'number', initial: 465 },
    { group: 'outgoing', name: 'security', path: 'outgoing.security', kind: 'choice', choices: SECURITY, initial: 'tls' },
    { group: 'more', name: 'signature', path: 'signature', kind: 'area', wide: true },
    { group: 'more', name: 'acknowledge', path: 'acknowledge', kind: 'area', wide: true, hint: true },
    { group: 'more', name: 'aliases', path: 'aliases', kind: 'lines', hint: true },
    { group: 'more', name: 'authserv_ids', path: 'authserv_ids', kind: 'lines', hint: true },
    { group: 'more', name: 'plus_addressing', path: 'plus_addressing', kind: 'switch', initial: true, hint: true },
  ],
  generic: [
    { group: 'connect', name: 'callback_url', path: 'callback_url', kind: 'text', wide: true, hint: true },
    { group: 'connect', name: 'secret', path: 'secret', kind: 'text', secret: true, wide: true, hint: true },
    { group: 'connect', name: 'timeout', path: 'timeout', kind: 'number', initial: 10 },
    { group: 'connect', name: 'quota_messages', path: 'quota_messages', kind: 'number', initial: 0, hint: true },
    { group: 'connect', name: 'quota_hours', path: 'quota_hours', kind: 'number', initial: 48 },
  ],
} satisfies Record<string, Field[]>

const KINDS = { text: 'text', long: 'area', number: 'number', switch: 'switch', choice: 'choice', list: 'lines' } as const

/** Of our own channels as they stand here, of all others as they describe themselves. */
export function fieldsOf(channel: Channel, row: ChannelRow | undefined): Field[] {
  if (channel in FIELDS) return FIELDS[channel as keyof typeof FIELDS]
  return (row?.form ?? []).map((each) => ({
    name: each.key, path: each.key, kind: KINDS[each.kind as keyof typeof KINDS], group: each.advanced ? 'advanced' : 'connect',
    secret: each.secret, required: each.required && !each.secret, wide: each.kind === 'long' || each.kind === 'list',
    label: each.label, help: each.help, choices: each.choices.map((choice) => choice.value),
    ...(each.usual ? { initial: each.usual } : {}), named: Object.fromEntries(each.choices.map((choice) => [choice.value, choice.label])),
  }))
}

type Tree = Record<string, unknown>
export type Values = Record<string, string>

export function readPath(tree: Tree, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Tree)[key] : undefined), tree)
}

export function writePath(tree: Tree, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop() as string
  let at = tree
  keys.forEach((key, index) => {
    at[key] ??= /^\d+$/.test(keys[index + 1] ?? last) ? [] : {}
    at = at[key] as Tree
  })
  at[last] = value
}

/** Whether a person has to say yes at the provider before the mailbox opens. */
export const asksConsent = (settings: Tree): boolean =>
  settings['auth'] === 'xoauth2' && (readPath(settings, 'oauth.grant') ?? 'refresh_token') === 'refresh_token' && Boolean(readPath(settings, 'oauth.authorize_url'))

/** A field is shown while what it depends on is shown and says so. */
export function shownFields(fields: Field[], values: Values): Field[] {
  const shows = ({ when }: Field): boolean => {
    if (!when) return true
    const above = fields.find((field) => field.path === when[0])
    return when.slice(1).includes(values[when[0]] ?? '') && (!above || shows(above))
  }
  return fields.filter(shows)
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
    const value = String(values[field.path] ?? '').trim() // a field for numbers makes numbers
    const set = readPath(before, field.path) !== undefined
    if (field.label && !field.secret && !set && value === String(field.initial ?? '')) continue // the channel's own default
    if (field.secret) {
      if (value) secrets[field.path] = value
    } else if (field.kind === 'lines') {
      if (value || set) writePath(settings, field.path, value.split(/\n+/).map((line) => line.trim()).filter(Boolean))
    } else if (field.kind === 'switch') {
      if (field.initial === undefined && !value) continue
      if (set || value !== String(field.initial)) writePath(settings, field.path, value === 'true')
    } else if (field.kind === 'number') {
      if (field.initial === undefined && !value) continue // the channel's own default
      if (set || field.path.includes('.') || value !== String(field.initial)) writePath(settings, field.path, Number(value))
    } else if (value || set || field.path.includes('.')) writePath(settings, field.path, value)
  }
  for (const server of ['incoming', 'outgoing']) {
    if (server in settings && !readPath(settings, `${server}.host`)) Reflect.deleteProperty(settings, server)
  }
  if (settings['auth'] !== 'xoauth2' || !readPath(settings, 'oauth.token_url') || !readPath(settings, 'oauth.client_id')) Reflect.deleteProperty(settings, 'oauth')
  return { settings, secrets }
}
