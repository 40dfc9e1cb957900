/** What opening costs, counted: formatters made, questions asked. */
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { createApp, defineComponent, h } from 'vue'
import * as auth from '@/client/auth'
import * as verifying from '@/client/verifying'
import { useTimes } from '@/composables/times'
import { i18n } from '@/i18n'
import { useSession } from '@/stores/session'
import { useVerified } from '@/stores/verified'

afterEach(() => vi.restoreAllMocks())

function times(): ReturnType<typeof useTimes> {
  let made!: ReturnType<typeof useTimes>
  const host = defineComponent(() => {
    made = useTimes()
    return () => h('p')
  })
  createApp(host).use(createPinia()).use(i18n).mount(document.createElement('div'))
  return made
}

test('a second of the clock makes no formatter anew, however many rows show the time', () => {
  const { short, clock, day } = times()
  const now = Date.parse('2026-11-23T12:00:00Z')
  const show = (at: string) => [short(at, now), clock(at), day(at, now)]
  const first = show('2026-11-02T03:04:05Z')
  const making = vi.spyOn(Intl, 'DateTimeFormat')
  for (let n = 0; n < 50; n++) expect(show('2026-11-02T03:04:05Z')).toEqual(first)
  expect(making).not.toHaveBeenCalled()
})

test('the head of a thread and the customer beside it ask once how sure we are of him', async () => {
  setActivePinia(createPinia())
  const asked = vi.spyOn(verifying, 'read').mockResolvedValue({ standing: { conversation_id: 'c', version: 1 } } as never)
  const verified = useVerified()
  await Promise.all([verified.load('c'), verified.load('c')])
  expect(asked).toHaveBeenCalledTimes(1)
  await verified.load('c')
  expect(asked).toHaveBeenCalledTimes(2)
})

test('who works here is asked once by the page that loads and by its first door', async () => {
  setActivePinia(createPinia())
  const asked = vi.spyOn(auth, 'me').mockRejectedValue(new Error('nobody'))
  const session = useSession()
  const both = await Promise.all([session.load(), session.load()])
  expect(both).toEqual([false, false])
  expect(asked).toHaveBeenCalledTimes(1)
})
