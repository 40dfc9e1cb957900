import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { LANGUAGES, looksIn } from './look/index.ts'

const { version, looks } = looksIn(fileURLToPath(new URL('look', import.meta.url)))

/** Words, icons and styles stand beside the script; their version in it lets browsers keep them for ever. */
const beside: Plugin = {
  name: 'looks',
  generateBundle() {
    looks.forEach((look, at) => {
      this.emitFile({ type: 'asset', fileName: `look.${LANGUAGES[at]}.json`, source: JSON.stringify(look) })
    })
  },
}

/** One classic script without imports: the one <script async> tag of a shop's page. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'yizhan-widget', development: false } },
  define: { __LOOK_VERSION__: JSON.stringify(version) },
  plugins: [beside],
  build: {
    target: 'es2020',
    outDir: '../../src/yizhan/_web/widget',
    emptyOutDir: true,
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'YizhanWidget', fileName: () => 'widget.js' },
  },
  test: {
    name: 'widget',
    environment: 'jsdom',
    include: ['{src,tests}/**/*.test.{ts,tsx}'],
  },
})
