/** Rows on this device: IndexedDB where the browser gives it, else memory, which loses convenience and never work. */
import type { IDBPDatabase } from 'idb'
import { openDB } from 'idb'

/** `keys` seal the rest; `answers` were read, `pictures` are of what was read, `files` wait to be sent with an entry of `outbox`, `carried` says which
 *  draft the server was last seen to have. */
export type Shelf = 'keys' | 'outbox' | 'drafts' | 'answers' | 'files' | 'carried' | 'pictures'
export type Place = [owner: string, id: string]
export interface Step {
  shelf: Shelf
  place: Place
  row?: unknown // none takes it away
}

export interface Shelves {
  lasting: boolean // outlives the page
  get: (shelf: Shelf, place: Place) => Promise<unknown>
  all: (shelf: Shelf, owner: string) => Promise<[id: string, row: unknown][]>
  /** The row that stands there, which is this one when none did: of two who come at once both get the same. */
  claim: (shelf: Shelf, place: Place, row: unknown) => Promise<unknown>
  /** All of them or none, on the disk when it resolves. */
  write: (steps: Step[]) => Promise<void>
  clear: (shelf: Shelf, owner: string) => Promise<void>
}

const NAMES: Shelf[] = ['keys', 'outbox', 'drafts', 'answers', 'files', 'carried', 'pictures']
const VERSION = 3

const everything = (owner: string) => IDBKeyRange.bound([owner], [owner, []])

/** `db` is asked for each time: a newer page may have closed it, or the browser. */
function onDisk(open: () => Promise<IDBPDatabase>): Shelves {
  return {
    lasting: true,
    async get(shelf, place) {
      return (await open()).get(shelf, place)
    },
    async all(shelf, owner) {
      const tx = (await open()).transaction(shelf)
      const [keys, rows] = await Promise.all([tx.store.getAllKeys(everything(owner)), tx.store.getAll(everything(owner))])
      return keys.map((key, at) => [(key as Place)[1], rows[at]])
    },
    async claim(shelf, place, row) {
      const tx = (await open()).transaction(shelf, 'readwrite')
      const known: unknown = await tx.store.get(place)
      if (known === undefined) await tx.store.put(row, place)
      await tx.done
      return known ?? row
    },
    async write(steps) {
      const tx = (await open()).transaction([...new Set(steps.map((step) => step.shelf))], 'readwrite', { durability: 'strict' })
      const done = tx.done
      for (const { shelf, place, row } of steps) {
        const store = tx.objectStore(shelf)
        const step: Promise<unknown> = row === undefined ? store.delete(place) : store.put(row, place)
        step.catch(() => undefined) // it is the whole that fails
      }
      await done
    },
    async clear(shelf, owner) {
      await (await open()).delete(shelf, everything(owner))
    },
  }
}

export function inMemory(): Shelves {
  const kept = new Map<string, unknown>()
  const key = (shelf: Shelf, [owner, id]: Place) => `${shelf}\n${owner}\n${id}`
  const under = (shelf: Shelf, owner: string) => [...kept.entries()].filter(([each]) => each.startsWith(`${shelf}\n${owner}\n`))
  return {
    lasting: false,
    get: (shelf, place) => Promise.resolve(kept.get(key(shelf, place))),
    all: (shelf, owner) => Promise.resolve(under(shelf, owner).map(([each, row]) => [each.split('\n')[2] ?? '', row])),
    claim(shelf, place, row) {
      const at = key(shelf, place)
      if (!kept.has(at)) kept.set(at, row)
      return Promise.resolve(kept.get(at))
    },
    write(steps) {
      for (const { shelf, place, row } of steps) {
        if (row === undefined) kept.delete(key(shelf, place))
        else kept.set(key(shelf, place), row)
      }
      return Promise.resolve()
    },
    clear(shelf, owner) {
      for (const [each] of under(shelf, owner)) kept.delete(each)
      return Promise.resolve()
    },
  }
}

let opened: Promise<IDBPDatabase> | null = null

/** A page of an older version goes on with what a newer one made of it. */
function database(): Promise<IDBPDatabase> {
  const forget = () => void (opened = null)
  const open = (version?: number) => openDB('yizhan', version, {
    upgrade: (db) => NAMES.filter((name) => !db.objectStoreNames.contains(name)).forEach((name) => db.createObjectStore(name)),
    blocking: (_, __, event) => {
      ;(event.target as IDBDatabase).close() // a newer page must not wait for this one
      forget()
    },
    terminated: forget,
  })
  const newer = (problem: unknown) => {
    if ((problem as DOMException | null)?.name !== 'VersionError') throw problem
    return open()
  }
  return (opened ??= open(VERSION).catch(newer))
}

export async function openShelves(): Promise<Shelves> {
  if (typeof indexedDB === 'undefined') return inMemory()
  try {
    await database()
    return onDisk(database)
  } catch {
    return inMemory() // private windows of some browsers, a full disk
  }
}
