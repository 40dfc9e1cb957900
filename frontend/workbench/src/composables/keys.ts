/** Keys of the keyboard as verbs. Plain letters are the text's while somebody writes, or while a dialog is open. */
import { useEventListener } from '@vueuse/core'

/** A verb that answers false leaves the key to the browser. */
export type Keys = Record<string, (event: KeyboardEvent) => unknown>

export const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent)

/** How the modifier is written here: ⌘K, Ctrl K. */
export const withMod = (key: string) => (isMac() ? `⌘${key}` : `Ctrl ${key}`)

export function nameOf(event: KeyboardEvent): string {
  const mod = event.metaKey || event.ctrlKey ? 'mod+' : ''
  const shift = event.shiftKey && event.key.length > 1 ? 'shift+' : ''
  return mod + shift + (event.key.length === 1 ? event.key.toLowerCase() : event.key)
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

const dialogOpen = () => [...document.querySelectorAll<HTMLElement>('.el-overlay')].some((each) => each.style.display !== 'none')

export function useKeys(keys: Keys): void {
  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    const name = nameOf(event)
    const verb = keys[name]
    if (!verb) return
    const plain = !name.startsWith('mod+')
    if (plain && (isWriting(event.target) || dialogOpen() || event.altKey)) return
    if (verb(event) !== false) event.preventDefault()
  })
}
