import type { WindowPart } from '../parts'
import styles from './style.css?inline'
import { ChatWindow } from './window'
import { WINDOW_WORDS } from './words'

const shelf = window as unknown as { yizhanParts: { window(part: WindowPart): void } }
shelf.yizhanParts.window({ View: ChatWindow, words: WINDOW_WORDS, styles })
