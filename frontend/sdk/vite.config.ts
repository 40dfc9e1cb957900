import { defineConfig } from 'vitest/config'

export default defineConfig({
  build: {
    target: 'es2020',
    outDir: '../../src/yizhan/_web/sdk',
    emptyOutDir: true,
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'yizhan-sdk.js' },
  },
  test: {
    name: 'sdk',
    environment: 'jsdom',
    include: ['{src,tests}/**/*.test.ts'],
  },
})
