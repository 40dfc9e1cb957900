/** Which conversations stand side by side, which of them is in use, and how many have room: pure. */
import type { Place } from '@/stores/thread'

export interface Split {
  places: Place[]
  at: number
}

export const MOST = 4
export const NONE: Split = { places: [], at: 0 }
/** A thread needs so much; below this width of the window there is one at a time. */
export const NARROWEST_PX = 345
export const ONE_BELOW_PX = 1100
export const ASIDE_PX = 316

export const same = (one: Place, other: Place) => one.kind === other.kind && one.id === other.id
const seat = (split: Split, to: Place) => split.places.findIndex((each) => same(each, to))
const put = (places: Place[], at: number, to: Place, instead: number) => [...places.slice(0, at), to, ...places.slice(at + instead)]
const within = (at: number, length: number) => Math.max(0, Math.min(at, length - 1))

/** Where one goes: to the pane that shows it, else in place of what is in use. `there`: it is shown under another name. */
export function go(split: Split, to: Place, there = -1): Split {
  const known = seat(split, to) < 0 ? there : seat(split, to)
  if (known >= 0) return { ...split, at: known }
  return { places: put(split.places, split.at, to, 1), at: split.at }
}

/** A pane more; null where there is no room for one, unless it is said in whose place. */
export function beside(split: Split, to: Place, before = split.at + 1, there = -1): Split | null {
  const known = seat(split, to) < 0 ? there : seat(split, to)
  if (known >= 0) return { ...split, at: known }
  if (split.places.length >= MOST) return null
  const at = Math.min(before, split.places.length)
  return { places: put(split.places, at, to, 0), at }
}

/** In place of one of them, wherever it was dropped. */
export const replace = (split: Split, to: Place, at: number, there = -1): Split => go({ ...split, at: within(at, split.places.length) }, to, there)

export function without(split: Split, index: number): Split {
  const places = split.places.filter((_, at) => at !== index)
  return { places, at: within(index < split.at ? split.at - 1 : split.at, places.length) }
}

/** Round and round. */
export const turned = (split: Split, by: number): Split =>
  split.places.length ? { ...split, at: (split.at + by + split.places.length) % split.places.length } : split

/** As many as have room, what is in use first of all. */
export function tiled(split: Split, more: Place[]): Split {
  const used = split.places[split.at]
  const all = [...split.places, ...more.filter((each) => seat(split, each) < 0)]
  const kept = all.slice(0, MOST)
  return { places: kept, at: within(used ? kept.findIndex((each) => same(each, used)) : 0, kept.length) }
}

/** In the address and on the device: `c.ID,t.ID`. One alone needs no word. */
export const written = (split: Split): string | undefined =>
  split.places.length > 1 ? split.places.map(({ kind, id }) => `${kind}.${id}`).join() : undefined

export function read(text: unknown, used: Place | null): Split | null {
  if (typeof text !== 'string') return null
  const places: Place[] = []
  for (const part of text.split(',')) {
    const found = /^([ct])\.([\w-]{1,64})$/.exec(part)
    const place = found && ({ kind: found[1], id: found[2] } as Place)
    if (place && places.length < MOST && !places.some((each) => same(each, place))) places.push(place)
  }
  if (places.length < 2) return null
  return used ? go({ places, at: 0 }, used) : { places, at: 0 }
}

export interface Room {
  /** So many panes are seen at once. */
  shown: number
  /** The customer stands beside them. */
  aside: boolean
  /** What one pane has. */
  px: number
}

/** `px`: the width that threads and customer share; `whole`: that of the window. */
export function room(px: number, whole: number, panes: number, wanted: boolean): Room {
  const fit = whole <= ONE_BELOW_PX ? 1 : Math.max(1, Math.floor(px / NARROWEST_PX))
  const shown = Math.min(Math.max(1, panes), fit)
  const aside = shown === 1 || px - ASIDE_PX >= shown * NARROWEST_PX
  return { shown, aside, px: (px - (aside && wanted ? ASIDE_PX : 0)) / shown }
}

/** The first of those that are seen: by pages, so that what is in use does not move the others. */
export const first = (at: number, panes: number, shown: number) => Math.max(0, Math.min(Math.floor(at / shown) * shown, panes - shown))

/** Where in the row something dropped at this share of its width goes: before which pane. */
export const dropped = (share: number, shown: number) => Math.round(Math.max(0, Math.min(1, share)) * shown)
