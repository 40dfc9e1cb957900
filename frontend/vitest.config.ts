import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { projects: ['sdk', 'widget', 'workbench'], maxWorkers: 2 } })
