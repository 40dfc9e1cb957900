/** One door to the API: the CSRF token and an idempotency key on every write, problem documents as `Problem`. */
import { dropAnswer, keepAnswer, keptAnswer } from './answers'

const BASE = '/api/v1'

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly field?: string,
    readonly retryAfter?: number,
    readonly zh?: string,
  ) {
    super(detail || code)
  }

  /** Nobody answered: worth trying again, unlike a refusal. */
  get offline(): boolean {
    return this.status === 0 || this.status >= 502
  }
}

/** Who wants to know what the server accepted and what it refused, by its code. */
type Hearer = (call: { method: string; path: string; body: Record<string, unknown> }, refused: string) => void
const hearers = new Set<Hearer>()

export function onAnswered(hearer: Hearer): () => void {
  hearers.add(hearer)
  return () => void hearers.delete(hearer)
}

let csrf = ''
let leave: (code: string) => void = () => undefined
let renew: () => Promise<unknown> = () => Promise.resolve()
/** By path the last write that nobody answered: asked for again soon, it is the same one and not a second. */
const unanswered = new Map<string, { content: string | null; key: string; until: number }>()
const SAME_WISH_MS = 120_000
const STALE = 'csrf'

export function useCsrf(token: string): void {
  csrf = token
}

export function onSignedOut(then: (code: string) => void): void {
  leave = then
}

/** This sign-in is over, as somebody else learned. */
export const signedOut = (code: string) => leave(code)

/** What fetches the token of the session that this browser has now: another window may have signed in anew. */
export function onStaleForm(then: () => Promise<unknown>): void {
  renew = then
}

/** `crypto.randomUUID` is missing on plain-http pages other than localhost. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export interface Options {
  key?: string
  keepalive?: boolean
  /** Milliseconds after which nobody is taken to have answered. */
  timeout?: number
  headers?: Record<string, string>
  /** Told how much of a file has left, from 0 to 1. */
  told?: (share: number) => void
  /** Given up by whoever asked: not to be taken for a missing network. */
  signal?: AbortSignal
}

const GIVEN_UP = 499
const UNSEEN = [403, 404]

/** Of one's own work the last answer, while nobody gives a new one. */
export async function get<T>(path: string, query: Record<string, unknown> = {}): Promise<T> {
  const whole = path + queryOf(query)
  try {
    const said = await call<T>('GET', whole)
    keepAnswer(whole, said)
    return said
  } catch (problem) {
    const kept = problem instanceof Problem && problem.offline ? await keptAnswer<T>(whole) : null
    if (problem instanceof Problem && UNSEEN.includes(problem.status)) dropAnswer(whole)
    if (!kept) throw problem
    return kept.value
  }
}
export const post = <T>(path: string, body?: unknown, options?: Options) => call<T>('POST', path, body, options)
export const put = <T>(path: string, body?: unknown, options?: Options) => call<T>('PUT', path, body, options)
export const patch = <T>(path: string, body?: unknown) => call<T>('PATCH', path, body)
export const remove = <T>(path: string, body?: unknown) => call<T>('DELETE', path, body)

/** A list, whether the answer wraps it in `items` or not. */
export async function items<T>(path: string): Promise<T[]> {
  const said = await get<{ items: T[] } | T[]>(path)
  return Array.isArray(said) ? said : said.items
}

async function call<T>(method: string, path: string, body?: unknown, options: Options = {}): Promise<T> {
  const told = (refused: string) => {
    for (const hearer of hearers) hearer({ method, path, body: (body ?? {}) as Record<string, unknown> }, refused)
  }
  try {
    const said = await asked<T>(method, path, body, options)
    told('')
    return said
  } catch (problem) {
    if (problem instanceof Problem && !problem.offline) told(problem.code)
    throw problem
  }
}

async function asked<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
  const content = body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body)
  if (method === 'GET') return await once<T>(method, path, content, options)
  const at = `${method} ${path}`
  const key = options.key ?? keyFor(at, content)
  try {
    const said = await once<T>(method, path, content, { ...options, key })
    unanswered.delete(at)
    return said
  } catch (problem) {
    unanswered.delete(at)
    const open = problem instanceof Problem && problem.offline && !(content instanceof Blob)
    if (open) unanswered.set(at, { content: content as string | null, key, until: Date.now() + SAME_WISH_MS })
    if (!(problem instanceof Problem) || problem.code !== STALE || path.startsWith('/auth/')) throw problem
    await renew()
    return await once<T>(method, path, content, { ...options, key })
  }
}

function keyFor(at: string, content: string | Blob | null): string {
  const known = unanswered.get(at)
  return known?.content === content && known.until > Date.now() ? known.key : newKey()
}

async function once<T>(method: string, path: string, content: string | Blob | null, options: Options): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET') {
    headers['X-CSRF-Token'] = csrf
    headers['Idempotency-Key'] = options.key ?? newKey()
  }
  if (typeof content === 'string') headers['Content-Type'] = 'application/json'
  Object.assign(headers, options.headers)
  let answer: Response
  try {
    const signal = options.signal ?? (options.timeout ? AbortSignal.timeout(options.timeout) : null)
    if (options.told && content instanceof Blob) answer = await (await import('@/device/carrying')).carry(BASE + path, { method, headers, body: content, signal }, options.told)
    else answer = await fetch(BASE + path, { method, headers, body: content, keepalive: options.keepalive ?? false, signal, credentials: 'same-origin' })
  } catch {
    throw options.signal?.aborted ? new Problem(GIVEN_UP, 'given_up', '') : new Problem(0, 'offline', '')
  }
  if (!answer.ok) throw await problemOf(answer, path)
  const text = answer.status === 204 ? '' : await answer.text()
  return (text ? JSON.parse(text) : undefined) as T
}

async function problemOf(answer: Response, path: string): Promise<Problem> {
  const said = (await answer.json().catch(() => ({}))) as Record<string, unknown>
  const code = typeof said['code'] === 'string' ? said['code'] : `http_${answer.status}`
  if (answer.status === 401 && !path.startsWith('/auth/')) leave(code)
  const text = (key: string) => (typeof said[key] === 'string' ? said[key] : '')
  const retry = typeof said['retry_after'] === 'number' ? said['retry_after'] : undefined
  return new Problem(answer.status, code, text('detail') || text('title'), text('field') || undefined, retry, text('zh') || undefined)
}

function queryOf(query: Record<string, unknown>): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return set.length ? `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}` : ''
}
