import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const OUT = '../../src/yizhan/_web/widget'

/**
 * Two classic scripts without imports. widget.js is the one <script async> tag of a shop's page: the button, the
 * connection, the trail. window.js (served as /widget-window.js) is fetched at the first reach for the button; it is
 * built first, because widget.js names its version, and uses the Preact that widget.js lends it.
 */
export default defineConfig(({ mode }) => ({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: {
    'process.env.NODE_ENV': '"production"',
    __WINDOW_VERSION__: JSON.stringify(mode === 'production' ? digest(`${OUT}/window.js`) : 'dev'),
  },
  build: {
    target: 'es2020',
    outDir: OUT,
    emptyOutDir: mode === 'window',
    lib: {
      entry: mode === 'window' ? 'src/window/main.tsx' : 'src/main.tsx',
      formats: ['iife'],
      name: 'YizhanWidget',
      fileName: () => (mode === 'window' ? 'window.js' : 'widget.js'),
    },
    rolldownOptions:
      mode === 'window'
        ? { external: ['preact/jsx-runtime'], output: { globals: { 'preact/jsx-runtime': 'yizhanParts.jsx' } } }
        : {},
  },
  test: {
    name: 'widget',
    environment: 'jsdom',
    include: ['{src,tests}/**/*.test.{ts,tsx}'],
  },
}))

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(new URL(path, import.meta.url))).digest('hex').slice(0, 12)
}
