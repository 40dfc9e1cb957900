/** How a browser likes it: times in the reader's zone, what is heard, and when something is asked for. */
import { createPinia, setActivePinia } from 'pinia'
import { mount } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import type { Moment } from '@/appearance/asking'
import { daysSeen, whatToAsk } from '@/appearance/asking'
import { useTimes } from '@/composables/times'
import { i18n, speak } from '@/i18n'
import { useAppearance } from '@/stores/appearance'

beforeEach(async () => {
  localStorage.clear()
  setActivePinia(createPinia())
  await speak('zh-CN')
})

function times() {
  let found: ReturnType<typeof useTimes> | undefined
  mount({ setup: () => ((found = useTimes()), () => null) }, { global: { plugins: [i18n] } })
  return found!
}

test('times and days are those of the chosen zone', () => {
  const { kept } = useAppearance()
  const shown = times()
  const at = '2026-11-23T16:30:00Z'
  kept.zone = 'Asia/Shanghai'
  expect(shown.clock(at)).toBe('00:30')
  expect(shown.day(at, Date.parse('2026-11-24T03:00:00Z'))).toBe('今天')
  kept.zone = 'America/New_York'
  expect(shown.clock(at)).toBe('11:30')
  expect(shown.short(at, Date.parse('2026-11-24T15:00:00Z'))).toBe('昨天 11:30')
})

test('density and contrast are classes of the page, and kept', async () => {
  const { kept, show } = useAppearance()
  Object.assign(kept, { density: 'compact', contrast: 'more' })
  show()
  expect([...document.documentElement.classList]).toEqual(expect.arrayContaining(['compact', 'contrast']))
  await Promise.resolve()
  setActivePinia(createPinia())
  expect(useAppearance().kept.density).toBe('compact')
})

test('a kind of sound is silenced and heard again', () => {
  const { kept, hear } = useAppearance()
  hear('waiting', false)
  hear('waiting', false)
  expect(kept.silent).toEqual(['waiting'])
  hear('waiting', true)
  expect(kept.silent).toEqual([])
})

const moment: Moment = { serving: true, permission: 'default', wanted: true, offered: true, ios: false, installed: false, days: 2, refused: [] }
test.each<[string, Partial<Moment>, string | null]>([
  ['who works is asked about the desktop first', {}, 'desktop'],
  ['who does not work is not asked about the desktop', { serving: false }, 'install'],
  ['who answered the browser is not asked again', { permission: 'denied' }, 'install'],
  ['who said no here is not asked again', { refused: ['desktop', 'install'] }, null],
  ['nobody is asked to install on the first day', { serving: false, days: 1 }, null],
  ['what is installed is not offered', { serving: false, installed: true }, null],
  ['an iPhone is told how', { serving: false, offered: false, ios: true }, 'install_ios'],
])('%s', (_, change, asked) => expect(whatToAsk({ ...moment, ...change })).toBe(asked))

test('days are counted once each', () => {
  expect([daysSeen('2026-11-23'), daysSeen('2026-11-23'), daysSeen('2026-11-24')]).toEqual([1, 1, 2])
})
