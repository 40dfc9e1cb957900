import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'

const SERVER = process.env['YIZHAN_DEV_SERVER'] ?? `http://127.0.0.1:${process.env['YIZHAN_PORT'] ?? 8000}`

export default defineConfig({
  base: '/app/',
  plugins: [vue(), components({ dirs: [], dts: false, resolvers: [ElementPlusResolver()] })],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  build: {
    target: 'es2022',
    outDir: '../../src/yizhan/_web/workbench',
    emptyOutDir: true,
  },
  server: { proxy: { '/api': { target: SERVER, ws: true } } },
  test: {
    name: 'workbench',
    environment: 'jsdom',
    include: ['{src,tests}/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
