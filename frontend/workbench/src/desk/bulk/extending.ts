/** Marking with shift in a list, as lists do: all from where it began to where it ends. */

/** From the anchor to the head, both with; without an anchor in the list the head alone. */
export function between(ids: string[], anchor: string | null, head: string): string[] {
  const [a, b] = [anchor === null ? -1 : ids.indexOf(anchor), ids.indexOf(head)]
  if (b < 0) return []
  return a < 0 ? [head] : ids.slice(Math.min(a, b), Math.max(a, b) + 1)
}

/** The one a step on, which ends at the ends; null where there is none. */
export function stepFrom(ids: string[], from: string | null, by: number): string | null {
  const at = from === null ? -1 : ids.indexOf(from)
  return ids[Math.max(0, Math.min(ids.length - 1, at < 0 ? 0 : at + by))] ?? null
}
