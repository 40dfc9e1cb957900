/**
 * The shell of the workbench without a network: its files by their hash, the page of one version with the files of that
 * version. Answers of the server never pass through here. The list of files is written before this script when it is
 * built; a new version waits until the agent asks for it.
 */
interface Waits extends Event {
  waitUntil: (work: Promise<unknown>) => void
}
interface Fetches extends Event {
  request: Request
  respondWith: (answer: Promise<Response>) => void
}
interface Installs extends Waits {
  addRoutes?: (rules: unknown) => Promise<void>
}
interface Shell {
  SHELL: { version: string; files: string[] }
  skipWaiting: () => Promise<void>
  clients: { claim: () => Promise<void> }
  addEventListener: <E extends Event>(kind: string, then: (event: E) => void) => void
}

const worker = self as unknown as Shell
const HOME = '/app/'
const NAME = `shell-${worker.SHELL.version}`
const LOOK = '/app/look.css'
const USED = 'used' // what was loaded beside the shell, named by its hash
const MOST_USED = 400

worker.addEventListener<Installs>('install', (event) => {
  // Everything else goes past this script, which need not even be awake for it.
  const past = event.addRoutes?.([{ condition: { urlPattern: '/api/*' }, source: 'network' }]) ?? Promise.resolve()
  event.waitUntil(Promise.all([put(), past.catch(() => undefined)]))
})

async function put(): Promise<void> {
  const cache = await caches.open(NAME)
  await cache.addAll(worker.SHELL.files.map((file) => new Request(HOME + file, { cache: file ? 'default' : 'reload' })))
}

worker.addEventListener<Waits>('activate', (event) => event.waitUntil(Promise.all([drop(), worker.clients.claim()])))

async function drop(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('shell-') && name !== NAME).map((name) => caches.delete(name)))
  const used = await caches.open(USED)
  const old = (await used.keys()).slice(0, -MOST_USED)
  await Promise.all(old.map((request) => used.delete(request)))
}

worker.addEventListener<Fetches>('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin || !pathname.startsWith(HOME)) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (pathname.startsWith(`${HOME}assets/`) || pathname === `${HOME}look/logo`) event.respondWith(file(request))
  else if (pathname === LOOK) event.respondWith(look(request))
})

async function page(request: Request): Promise<Response> {
  return (await (await caches.open(NAME)).match(HOME)) ?? (await fetch(request))
}

async function file(request: Request): Promise<Response> {
  const known = await caches.match(request)
  if (known) return known
  const answer = await fetch(request)
  if (answer.ok) await (await caches.open(USED)).put(request, answer.clone())
  return answer
}

/** No page waits for its colours: those of last time, while the house is asked. Asked for with a version, the newest. */
async function look(request: Request): Promise<Response> {
  const used = await caches.open(USED)
  const known = request.url.includes('?') ? undefined : await used.match(LOOK)
  const newest = fetch(request).then(async (answer) => {
    if (answer.ok) await used.put(LOOK, answer.clone())
    return answer
  })
  if (known) newest.catch(() => undefined)
  return known ?? newest
}

worker.addEventListener<MessageEvent>('message', (event) => {
  if (event.data === 'go') void worker.skipWaiting()
})
