import type { WindowPart } from '../parts'
import styles from './style.css?inline'
import { ChatWindow } from './window'
import { WINDOW_WORDS } from './words'

const shelf = window as unknown as { yizhanParts: { window(part: WindowPart): void } }
// The keyboard of a phone covers the page without resizing it; only this viewport tells what is left to be seen.
visualViewport?.addEventListener('resize', () => {
  const host = document.querySelector<HTMLElement>('yizhan-widget')
  host?.style.setProperty('--seen', `${visualViewport?.height ?? 0}px`)
})

shelf.yizhanParts.window({ View: ChatWindow, words: WINDOW_WORDS, styles })
