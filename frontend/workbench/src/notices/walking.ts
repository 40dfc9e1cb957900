/** The list of notices by keys: j and k or the arrows go up and down, as they do at the desk. */
export type Key = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }

/** Where the key leads from row `at` of `n`; null where it is not one of these. */
export function stepOf({ key, ctrlKey, metaKey, altKey }: Key, at: number, n: number): number | null {
  if (ctrlKey || metaKey || altKey || !n) return null
  if (key === 'ArrowDown' || key === 'j') return Math.min(at + 1, n - 1)
  if (key === 'ArrowUp' || key === 'k') return Math.max(at - 1, 0)
  if (key === 'Home') return 0
  return key === 'End' ? n - 1 : null
}
