/** A new build waits until its agent asks for it; until then the old one serves its own page with its own files. */
import { mount } from '@vue/test-utils'
import { beforeEach, expect, test, vi } from 'vitest'
import { i18n, speak } from '@/i18n'
import { shellOf } from '@/worker/shell'

type Then = (event: Record<string, unknown>) => void
/** The manifest of a build, in which only the entry may differ. */
const manifest = (entry: string) => ({
  'index.html': { file: `assets/index-${entry}.js`, css: ['assets/index-1.css'], imports: ['_words.js'] },
  '_words.js': { file: 'assets/words-1.js' },
  'src/settings/SettingsPage.vue': { file: 'assets/settings-1.js' },
})
const build = (entry: string) => shellOf(manifest(entry), '<title>', (text) => `v${entry}-${text.length}`)
const [OLD, NEW] = [build('1'), build('2')]
const shells = () => [...stores.keys()].filter((name) => name.startsWith('shell'))

/** The browser's store of answers, and a server that knows the files of one build at a time. */
const stores = new Map<string, Map<string, string>>()
let built = OLD

const pathOf = (what: unknown) => (typeof what === 'string' ? what : new URL((what as Request).url, location.origin).pathname)
const answer = (words: string) => ({ ok: true, words, clone: () => answer(words) })
const get = (path: string) => (built.files.some((file) => `/app/${file}` === path) ? `${path} of ${built.version}` : undefined)

function store(name: string) {
  const kept = stores.get(name) ?? new Map<string, string>()
  stores.set(name, kept)
  return {
    addAll: (asked: unknown[]) => Promise.resolve(asked.map(pathOf).forEach((path) => kept.set(path, get(path)!))),
    match: (what: unknown) => Promise.resolve(kept.has(pathOf(what)) ? answer(kept.get(pathOf(what))!) : undefined),
    put: (what: unknown, said: { words: string }) => Promise.resolve(void kept.set(pathOf(what), said.words)),
    keys: () => Promise.resolve([...kept.keys()]),
    delete: (path: string) => Promise.resolve(kept.delete(path)),
  }
}

class FakeRequest {
  method = 'GET'
  constructor(readonly path: string, readonly mode = 'cors') {}
  get url() {
    return location.origin + this.path
  }
}

/** The worker's script as a build wrote it. */
async function begin(shell: typeof OLD) {
  const then = new Map<string, Then>()
  const skipWaiting = vi.fn(() => Promise.resolve())
  vi.stubGlobal('self', { SHELL: shell, skipWaiting, clients: { claim: () => Promise.resolve() }, addEventListener: (kind: string, work: Then) => then.set(kind, work) })
  vi.resetModules()
  // @ts-expect-error a script of its own: it exports nothing
  await import('@/worker/worker')
  async function happens(kind: 'install' | 'activate'): Promise<void> {
    let work: unknown
    then.get(kind)!({ waitUntil: (given: unknown) => (work = given) })
    await work
  }
  async function asks(path: string, mode = 'cors'): Promise<string | undefined> {
    let said: unknown
    then.get('fetch')!({ request: new FakeRequest(path, mode), respondWith: (given: unknown) => (said = given) })
    return ((await said) as { words: string } | undefined)?.words
  }
  return { happens, asks, skipWaiting, tell: (word: string) => then.get('message')!({ data: word }) }
}

beforeEach(() => {
  stores.clear()
  built = OLD
  vi.stubGlobal('Request', FakeRequest)
  vi.stubGlobal('caches', {
    open: (name: string) => Promise.resolve(store(name)), keys: () => Promise.resolve([...stores.keys()]), delete: (name: string) => Promise.resolve(stores.delete(name)),
    match: async (what: unknown) => (await Promise.all([...stores.keys()].map((name) => store(name).match(what)))).find(Boolean),
  })
  vi.stubGlobal('fetch', vi.fn((what: unknown) => {
    const words = get(pathOf(what))
    return words ? Promise.resolve(answer(words)) : Promise.reject(new TypeError('gone'))
  }))
})

test('a build is called by what it is made of', () => {
  expect(NEW.files).toEqual(['', 'icon.svg', 'assets/index-2.js', 'assets/index-1.css', 'assets/words-1.js'])
  const said = (entry: string, page: string) => shellOf(manifest(entry), page, (text) => text).version
  expect([said('1', 'a') === said('1', 'a'), said('1', 'a') === said('2', 'a'), said('1', 'a') === said('1', 'b')]).toEqual([true, false, false])
})

test('two builds: the old one whole until the new one is asked for, then the new one whole', async () => {
  const old = await begin(OLD)
  await old.happens('install')
  await old.happens('activate')
  built = NEW // shipped
  const fresh = await begin(NEW)
  await fresh.happens('install')
  expect([fresh.skipWaiting.mock.calls.length, shells()]).toEqual([0, [`shell-${OLD.version}`, `shell-${NEW.version}`]])
  expect([await old.asks('/app/desk/t/1', 'navigate'), await old.asks('/app/assets/index-1.js')]).toEqual([`/app/ of ${OLD.version}`, `/app/assets/index-1.js of ${OLD.version}`])
  fresh.tell('anything')
  expect(fresh.skipWaiting).not.toHaveBeenCalled()
  fresh.tell('go')
  expect(fresh.skipWaiting).toHaveBeenCalledOnce()
  await fresh.happens('activate')
  expect(shells()).toEqual([`shell-${NEW.version}`])
  expect([await fresh.asks('/app/', 'navigate'), await fresh.asks('/app/assets/index-2.js')]).toEqual([`/app/ of ${NEW.version}`, `/app/assets/index-2.js of ${NEW.version}`])
  expect(await fresh.asks('/api/v1/tickets')).toBeUndefined() // never passes here
})

test('有新版本 is said once a new build waits, and its button lets it begin', async () => {
  vi.stubEnv('PROD', true)
  const words: string[] = []
  const waiting = { postMessage: (word: string) => words.push(word) }
  const registration = Object.assign(new EventTarget(), { waiting: null as unknown, installing: null as unknown, update: () => Promise.resolve() })
  const container = Object.assign(new EventTarget(), { controller: {}, register: () => Promise.resolve(registration) })
  vi.stubGlobal('navigator', { ...navigator, serviceWorker: container })
  await speak('zh-CN')
  const { watchVersion } = await import('@/worker/version')
  const { default: FreshLine } = await import('@/shell/FreshLine.vue')
  const line = mount(FreshLine, { global: { plugins: [i18n] } })
  await watchVersion()
  expect(line.text()).toBe('')
  registration.installing = new EventTarget()
  registration.dispatchEvent(new Event('updatefound'))
  registration.waiting = waiting
  ;(registration.installing as EventTarget).dispatchEvent(new Event('statechange'))
  await line.vm.$nextTick()
  expect(line.text()).toContain('有新版本')
  await line.find('button').trigger('click')
  await vi.waitFor(() => expect(words).toEqual(['go']))
  vi.unstubAllEnvs()
})
