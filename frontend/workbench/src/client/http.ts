/** One door to the API: the CSRF token and an idempotency key on every write, problem documents as `Problem`. */
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

let csrf = ''
let signedOut: () => void = () => undefined

export function useCsrf(token: string): void {
  csrf = token
}

export function onSignedOut(then: () => void): void {
  signedOut = then
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
  headers?: Record<string, string>
}

export const get = <T>(path: string, query: Record<string, unknown> = {}) => call<T>('GET', path + queryOf(query))
export const post = <T>(path: string, body?: unknown, options?: Options) => call<T>('POST', path, body, options)
export const put = <T>(path: string, body?: unknown) => call<T>('PUT', path, body)
export const patch = <T>(path: string, body?: unknown) => call<T>('PATCH', path, body)
export const remove = <T>(path: string, body?: unknown) => call<T>('DELETE', path, body)

/** A list, whether the answer wraps it in `items` or not. */
export async function items<T>(path: string): Promise<T[]> {
  const said = await get<{ items: T[] } | T[]>(path)
  return Array.isArray(said) ? said : said.items
}

async function call<T>(method: string, path: string, body?: unknown, options: Options = {}): Promise<T> {
  const raw = body instanceof Blob
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET') {
    headers['X-CSRF-Token'] = csrf
    headers['Idempotency-Key'] = options.key ?? newKey()
  }
  if (body !== undefined && !raw) headers['Content-Type'] = 'application/json'
  Object.assign(headers, options.headers)
  const content = body === undefined ? null : raw ? body : JSON.stringify(body)
  let answer: Response
  try {
    const init = { method, headers, body: content, keepalive: options.keepalive ?? false }
    answer = await fetch(BASE + path, { ...init, credentials: 'same-origin' })
  } catch {
    throw new Problem(0, 'offline', '')
  }
  if (!answer.ok) throw await problemOf(answer, path)
  const text = answer.status === 204 ? '' : await answer.text()
  return (text ? JSON.parse(text) : undefined) as T
}

async function problemOf(answer: Response, path: string): Promise<Problem> {
  const said = (await answer.json().catch(() => ({}))) as Record<string, unknown>
  if (answer.status === 401 && !path.startsWith('/auth/')) signedOut()
  const code = typeof said['code'] === 'string' ? said['code'] : `http_${answer.status}`
  const text = (key: string) => (typeof said[key] === 'string' ? said[key] : '')
  const retry = typeof said['retry_after'] === 'number' ? said['retry_after'] : undefined
  return new Problem(answer.status, code, text('detail') || text('title'), text('field') || undefined, retry, text('zh') || undefined)
}

function queryOf(query: Record<string, unknown>): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return set.length ? `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}` : ''
}
