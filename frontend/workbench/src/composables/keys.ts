/** Keys of the keyboard: how each is named, and how it is written here. */

export const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent)

/** How the modifier is written here: ⌘K, Ctrl K. */
export const withMod = (key: string) => (isMac() ? `⌘${key}` : `Ctrl ${key}`)

export function nameOf(event: KeyboardEvent): string {
  const mod = event.metaKey || event.ctrlKey ? 'mod+' : ''
  const shift = event.shiftKey && event.key.length > 1 ? 'shift+' : ''
  return mod + shift + (event.key.length === 1 ? event.key.toLowerCase() : event.key)
}

const CAPS: Record<string, string> = { shift: '⇧', Enter: '↵', Escape: 'Esc' }

/** The caps one presses: `mod+shift+Enter` is ⌘ ⇧ ↵. */
export const capsOf = (key: string): string[] =>
  key.split('+').map((part) => (part === 'mod' ? (isMac() ? '⌘' : 'Ctrl') : (CAPS[part] ?? part.toUpperCase())))

export const capsIn = (key: string | undefined) => (key ? capsOf(key).join(isMac() ? '' : ' ') : '')

export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

export const dialogOpen = () => [...document.querySelectorAll<HTMLElement>('.el-overlay')].some((each) => each.style.display !== 'none')
