/** Small things kept in this browser. A full or forbidden store loses convenience, never work. */
const PREFIX = 'yizhan.'

export function readKept<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(PREFIX + key)
    return text === null ? otherwise : (JSON.parse(text) as T)
  } catch {
    return otherwise
  }
}

export function writeKept(key: string, value: unknown): boolean {
  try {
    const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
    if (empty) localStorage.removeItem(PREFIX + key)
    else localStorage.setItem(PREFIX + key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}
