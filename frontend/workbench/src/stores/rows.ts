/** Rows kept by version: an older word about a row never overwrites a newer one, whichever way it came. */
import { shallowReactive } from 'vue'
import type { Versioned } from '@/client/types'

export interface Rows<T extends Versioned> {
  all: ReadonlyMap<string, T>
  put: (row: T) => boolean
  patch: (id: string, version: number, change: Partial<T>) => boolean
  gone: (id: string) => void
  mark: () => number
  replace: (rows: T[], mark: number) => void
}

export function createRows<T extends Versioned>(): Rows<T> {
  const all = shallowReactive(new Map<string, T>())
  const touched = new Map<string, number>()
  let happened = 0

  const touch = (id: string) => touched.set(id, ++happened)

  function put(row: T): boolean {
    const known = all.get(row.id)
    touch(row.id)
    if (known && known.version > row.version) return false
    all.set(row.id, row)
    return true
  }

  /** Of two with the same version the later counts: what is due next changes without the row's own version. */
  function patch(id: string, version: number, change: Partial<T>): boolean {
    const known = all.get(id)
    if (!known || known.version > version) return false
    touch(id)
    all.set(id, { ...known, ...change, id, version })
    return true
  }

  function gone(id: string): void {
    touch(id)
    all.delete(id)
  }

  /** A list read over HTTP may be older than frames that arrived while it travelled: what was touched since stays. */
  function replace(rows: T[], mark: number): void {
    const fresh = (id: string) => (touched.get(id) ?? 0) > mark
    const listed = new Set(rows.map((row) => row.id))
    for (const id of [...all.keys()]) if (!listed.has(id) && !fresh(id)) all.delete(id)
    for (const row of rows) {
      const known = all.get(row.id)
      if (known ? known.version < row.version || !fresh(row.id) : !fresh(row.id)) all.set(row.id, row)
    }
  }

  return { all, put, patch, gone, mark: () => happened, replace }
}
