/** How good a number is: by its goal, and by which way is bad. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { shown } from '@/monitor/format'
import { useMonitor } from '@/stores/monitor'

const figures = { ready: true, all: { queue_length: 4, answer_rate: 0.84 }, team: { a: { queue_length: 11 } } }
const metrics = [{ name: 'queue_length', high_is_bad: true }, { name: 'answer_rate', high_is_bad: false }, { name: 'room', high_is_bad: false }]
const targets = { queue_length: { amber: 5, red: 10 }, answer_rate: { amber: 0.9, red: 0.85 } }

vi.mock('@/client/monitor', () => ({
  board: async () => ({ figures, metrics, targets, answer_s: 20, steps: { measures: [], helps: [] } }),
}))

beforeEach(() => setActivePinia(createPinia()))

test('a number is green, amber or red by its goal, and nothing where there is none', async () => {
  const monitor = useMonitor()
  await monitor.load()
  expect([4, 5, 10].map((number) => monitor.tone('queue_length', number))).toEqual(['green', 'amber', 'red'])
  expect([0.95, 0.9, 0.84].map((number) => monitor.tone('answer_rate', number))).toEqual(['green', 'amber', 'red'])
  expect(monitor.tone('serving', 12)).toBe('')
  expect(monitor.tone('queue_length', undefined)).toBe('')
  expect([monitor.value('queue_length'), monitor.value('queue_length', 'a'), monitor.value('queue_length', 'b')]).toEqual([4, 11, undefined])
})

test('numbers are shown as what they are', () => {
  expect(shown('queue_longest', 154.2)).toBe('2:34')
  expect(shown('answer_rate', 0.9346)).toBe('93.5%')
  expect(shown('csat', 4.7)).toBe('4.70')
  expect(shown('queue_length', 3)).toBe('3')
  expect(shown('miss_rate', undefined)).toBe('–')
})
