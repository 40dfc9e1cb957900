import vue from '@vitejs/plugin-vue'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import type { Chunk } from './src/worker/shell.ts'
import { shellOf } from './src/worker/shell.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** The table of sounds is the server's own. */
const fs = { allow: [here('..'), here('../../src/yizhan/foundation/text')] }
const SERVER = process.env['YIZHAN_DEV_SERVER'] ?? `http://127.0.0.1:${process.env['YIZHAN_PORT'] ?? 8000}`

const OUT = here('../../src/yizhan/_web/workbench')

/** Writes before the service worker which files are the shell of this build. */
function shell(): Plugin {
  return {
    name: 'shell',
    apply: 'build',
    closeBundle() {
      const built = JSON.parse(readFileSync(`${OUT}/.vite/manifest.json`, 'utf8')) as Record<string, Chunk>
      const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
      const made = shellOf(built, readFileSync(`${OUT}/index.html`, 'utf8'), digest)
      const script = readFileSync(`${OUT}/worker.js`, 'utf8')
      writeFileSync(`${OUT}/worker.js`, `self.SHELL=${JSON.stringify(made)};\n${script}`)
    },
  }
}

export default defineConfig({
  base: '/app/',
  plugins: [vue(), components({ dirs: [], dts: false, resolvers: [ElementPlusResolver()] }), shell()],
  // Composition API only, and no hooks for the developer tools: what nobody calls is not sent.
  define: { __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false, __VUE_PROD_DEVTOOLS__: false },
  resolve: {
    alias: {
      '@': here('src'),
      '@ctrl/tinycolor': here('src/styles/tinycolor.ts'),
    },
  },
  build: {
    target: 'es2022',
    outDir: OUT,
    emptyOutDir: true,
    manifest: true,
    rolldownOptions: {
      input: { index: here('index.html'), worker: here('src/worker/worker.ts') },
      output: {
        entryFileNames: ({ name }) => (name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js'),
        // What the first page needs at once is one file, not thirty: browsers ask an HTTP/1.1 server for six at a time.
        codeSplitting: { groups: [{ name: 'first', tags: ['$initial'], test: (id: string) => !id.includes('/src/worker/') }] },
      },
    },
  },
  server: { fs, proxy: { '/api': { target: SERVER, ws: true }, '/app/look': SERVER } },
  test: {
    name: 'workbench',
    environment: 'jsdom',
    include: ['{src,tests}/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
