import { defineConfig } from 'vitest/config'

// One classic script without imports: a customer's page loads it with a single <script async> tag.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    target: 'es2020',
    outDir: '../../src/yizhan/_web/widget',
    emptyOutDir: true,
    lib: { entry: 'src/main.tsx', formats: ['iife'], name: 'YizhanWidget', fileName: () => 'widget.js' },
  },
  test: {
    name: 'widget',
    environment: 'jsdom',
    include: ['{src,tests}/**/*.test.{ts,tsx}'],
  },
})
