import { Fragment, jsx, jsxs } from 'preact/jsx-runtime'
import type { ComponentType } from 'preact'
import type { Config } from 'yizhan-sdk'
import type { App } from './app'
import type { Table } from './words'

/** What the second script, the window, brings: it is fetched when the visitor first reaches for the button. */
export interface WindowPart {
  View: ComponentType<{ app: App; config: Config }>
  words: Table
  styles: string
}

declare const __WINDOW_VERSION__: string

/** Both scripts must use one Preact: the first lends it to the second under this name. */
const shelf = window as unknown as { yizhanParts: { jsx: object; window?: (part: WindowPart) => void } }

/**
 * Fetches the window part once; a failed fetch may be tried again, under another address because browsers remember
 * failures. `import()` and not a script element: pages that require trusted types refuse the latter.
 */
export function windowPart(base: string, arrived: (part: WindowPart) => void, failed: () => void): () => void {
  let asked = false
  let tries = 0
  return () => {
    if (asked) return
    asked = true
    shelf.yizhanParts = { jsx: { Fragment, jsx, jsxs }, window: arrived }
    import(/* @vite-ignore */ `${base}/widget-window.js?v=${__WINDOW_VERSION__}${tries++ || ''}`).catch(() => {
      asked = false
      failed()
    })
  }
}
