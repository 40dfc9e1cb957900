/** A page whose files are not on this device says so; whoever begins there stands at his desk. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeAll, expect, test, vi } from 'vitest'
import { useToasts } from '@/composables/toast'
import { speak } from '@/i18n'
import { createDoors } from '@/router'
import { useSession } from '@/stores/session'
import { me } from './samples'

vi.mock('@/customers/CustomersPage.vue', () => {
  throw new TypeError('Failed to fetch dynamically imported module')
})
beforeAll(() => speak('zh-CN'))

test('a page that cannot be loaded is said, not left blank', async () => {
  setActivePinia(createPinia())
  useSession().me = { ...me(), agent: { ...me().agent, permissions: ['message.reply', 'customer.read', 'ticket.read'] } }
  vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('no network'))))
  history.replaceState(null, '', '/customers')
  const doors = createDoors()
  await doors.push('/customers').catch(() => undefined)
  await vi.waitFor(() => expect(doors.currentRoute.value.name).toBe('desk'))
  expect(useToasts().value.map((each) => each.text)).toEqual(['这个页面没有打开，联网后再试一次；写好的内容都在'])
})
