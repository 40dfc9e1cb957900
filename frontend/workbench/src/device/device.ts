/** What this device keeps for whoever works at it: written in order, sealed, gone when he signs out. */
import { ref } from 'vue'
import type { Sealed } from './seal'
import type { Shelf, Shelves, Step } from './shelves'

export interface Kept<T> {
  id: string
  at: number
  value: T
}

export interface Change {
  shelf: Exclude<Shelf, 'keys'>
  id: string
  value?: unknown // none takes it away
}

const HOUSE = '' // the owner of what says who worked here last
const LAST = 'last'
const MOST_ANSWERS = 160
const LEFT_BEHIND_MS = 14 * 86_400_000
const SHELVES: Exclude<Shelf, 'keys'>[] = ['answers', 'pictures', 'files', 'drafts', 'outbox', 'carried']
const READ = ['answers', 'pictures'] as const // makes room for what is written, and is not kept for who is signed out

let opening: Promise<Shelves> | null = null
let owner = ''
let key: Promise<CryptoKey | null> = Promise.resolve(null)
let last: Promise<unknown> = Promise.resolve()
/** Whether what is written here outlives the page: not in some private windows, nor on a full disk. */
export const lasting = ref(true)

/** Not on the way to the first screen. */
const sealing = () => import('./seal')
const shelves = () => (opening ??= import('./shelves').then((those) => those.openShelves()))
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** One after the other: what is put away second never overtakes what came first. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work)
  last = mine.catch(() => undefined)
  return mine
}

/** From now on everything is kept for this agent. */
export async function begin(agent: string): Promise<void> {
  if (owner === agent) return
  owner = agent
  key = Promise.all([shelves(), sealing()]).then(([them, { keyOf }]) => keyOf(them, agent))
  await inTurn(async () => (await shelves()).write([{ shelf: 'keys', place: [HOUSE, LAST], row: agent }])).catch(() => undefined) // a full disk
  void tidy(agent).catch(() => undefined)
}

/** Who worked here when the page was last open and did not sign out. */
export async function lastOwner(): Promise<string | null> {
  return ((await (await shelves()).get('keys', [HOUSE, LAST])) as string | undefined) ?? null
}

export const currentOwner = () => owner

/** Whether it is on the disk now: not when nobody is signed in any more. A function says what, when its turn has come. */
export function write(changes: Change[] | (() => Change[]), at = Date.now()): Promise<boolean> {
  const mine = owner
  if (!mine) return Promise.resolve(false)
  return inTurn(async () => {
    const steps: Step[] = []
    for (const { shelf, id, value } of typeof changes === 'function' ? changes() : changes) {
      const row = value === undefined ? undefined : await (await sealing()).seal(await key, bytesOf(value), at)
      steps.push({ shelf, place: [mine, id], ...(row ? { row } : {}) })
    }
    if (owner !== mine) return false
    return (lasting.value = await put(steps))
  })
}

/** What was read makes room for what is written. */
async function put(steps: Step[]): Promise<boolean> {
  const them = await shelves()
  const fails = (problem: unknown) => {
    lasting.value = false
    throw problem
  }
  const again = async () => {
    for (const shelf of READ) await them.clear(shelf, owner)
    await them.write(steps.filter((step) => step.shelf !== 'pictures'))
  }
  await them.write(steps).catch(again).catch(fails)
  return them.lasting
}

export async function read<T>(shelf: Change['shelf'], id: string): Promise<Kept<T> | null> {
  const row = (await (await shelves()).get(shelf, [owner, id])) as Sealed | undefined
  return row ? opened<T>(id, row) : null
}

export async function readAll<T>(shelf: Change['shelf']): Promise<Kept<T>[]> {
  const rows = await (await shelves()).all(shelf, owner)
  const found = await Promise.all(rows.map(([id, row]) => opened<T>(id, row as Sealed)))
  return found.filter((each) => each !== null)
}

/** Everything that was asked for so far is on the disk. */
export const settled = () => inTurn(() => Promise.resolve())

/** Signing out, here or from elsewhere: the key goes first. */
export async function wipe(): Promise<void> {
  const gone = owner || (await lastOwner())
  owner = ''
  key = Promise.resolve(null)
  if (!gone) return
  await inTurn(async () => {
    const them = await shelves()
    await them.clear('keys', gone)
    await them.clear('keys', HOUSE)
    for (const shelf of SHELVES) await them.clear(shelf, gone)
  })
}

/** A sign-in that ran out: his words wait for him here, what he read does not. */
export async function close(): Promise<void> {
  const mine = owner
  await settled() // his last strokes,
  await settled() // and those that waited for them
  if (owner !== mine) return
  owner = ''
  key = Promise.resolve(null)
  if (mine) await inTurn(async () => Promise.all(READ.map(async (shelf) => (await shelves()).clear(shelf, mine))))
}

async function opened<T>(id: string, row: Sealed): Promise<Kept<T> | null> {
  const bytes = await (await sealing()).unseal(await key, row)
  return bytes && { id, at: row.at, value: valueOf<T>(bytes) }
}

/** A file is kept as its bytes, all else as JSON behind one byte that says so. */
const JSON_MARK = 1

function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  const plain = value instanceof Uint8Array ? value : encoder.encode(JSON.stringify(value))
  const marked = new Uint8Array(plain.length + 1)
  marked[0] = value instanceof Uint8Array ? 0 : JSON_MARK
  marked.set(plain, 1)
  return marked
}

function valueOf<T>(bytes: Uint8Array<ArrayBuffer>): T {
  const plain = bytes.subarray(1)
  return (bytes[0] === JSON_MARK ? JSON.parse(decoder.decode(plain)) : plain) as T
}

/** The newest answers stay; a file goes when nothing names it any more, and words that nobody came back for. */
async function tidy(agent: string): Promise<void> {
  const them = await shelves()
  const old = Date.now() - LEFT_BEHIND_MS
  const rows = async (shelf: Shelf) => (await them.all(shelf, agent)) as [string, Sealed][]
  const answers = (await rows('answers')).sort((a, b) => b[1].at - a[1].at)
  const gone = async (shelf: Shelf, left: (row: Sealed, at: number) => boolean, some: [string, Sealed][]) =>
    some.filter(([, row], at) => left(row, at)).map(([id]): Step => ({ shelf, place: [agent, id] }))
  const steps = [
    ...(await gone('answers', (row, at) => at >= MOST_ANSWERS || row.at < old, answers)),
    ...(await gone('files', (row) => row.at < old, await rows('files'))),
    ...(await gone('drafts', (row) => row.at < old, await rows('drafts'))),
    ...(await gone('carried', (row) => row.at < old, await rows('carried'))),
  ]
  const pictures = (await them.get('pictures', [agent, 'index'])) as Sealed | undefined
  if (pictures && pictures.at < old) await inTurn(() => them.clear('pictures', agent))
  if (steps.length) await inTurn(() => them.write(steps))
}
