/** Everything the protocol takes from its surroundings, so that tests and other hosts can bring their own. */

export interface Store {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export interface Socket {
  readyState: number
  onopen: ((event: never) => void) | null
  onmessage: ((event: { data: string }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  send(text: string): void
  close(): void
}

/** What is used of a `Response`. */
export interface Answer {
  ok: boolean
  status: number
  json(): Promise<unknown>
}

export interface Asked {
  method: string
  body?: string | Blob | ArrayBuffer
  headers: Record<string, string>
}

export interface Ports {
  store: Store
  openSocket(url: string): Socket
  fetch(url: string, asked: Asked): Promise<Answer>
  now(): number
  /** In [0, 1): spreads reconnections, makes ids where the platform has no secure source. */
  random(): number
  after(ms: number, run: () => void): number
  cancel(timer: number): void
  newId(): string
}

/** Storage may be forbidden (third-party rules, private mode): then memory, which lasts as long as the page. */
export function openStore(): Store {
  try {
    const store = localStorage
    store.setItem('yizhan', '1')
    store.removeItem('yizhan')
    return store
  } catch {
    return memoryStore()
  }
}

export function memoryStore(): Store {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

const YEAR_S = 31_536_000

/** Who the visitor is stands in a cookie of the page's own site too: it outlives a cleared or forbidden storage. */
export function withCookie(store: Store, key: string): Store {
  const name = encodeURIComponent(key)
  const write = (value: string, age: number) => {
    document.cookie = `${name}=${value};path=/;max-age=${age};samesite=lax${location.protocol === 'https:' ? ';secure' : ''}`
  }
  const read = () => document.cookie.split('; ').find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1)
  return {
    getItem: (each) => store.getItem(each) ?? (each === key ? read() : null) ?? null,
    setItem(each, value) {
      store.setItem(each, value)
      if (each === key) write(value, YEAR_S)
    },
    removeItem(each) {
      store.removeItem(each)
      if (each === key) write('', 0)
    },
  }
}

/** crypto.randomUUID exists on secure pages only; plain-http shops still have getRandomValues. */
export function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** `inbox` is the one whose visitor is remembered. */
export function browserPorts(inbox: string): Ports {
  return {
    store: withCookie(openStore(), `yizhan:${inbox}:visitor`),
    openSocket: (url) => new WebSocket(url) as unknown as Socket,
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    random: () => Math.random(),
    after: (ms, run) => window.setTimeout(run, ms),
    cancel: (timer) => clearTimeout(timer),
    newId,
  }
}
