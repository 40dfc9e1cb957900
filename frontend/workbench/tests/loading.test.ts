/** A list that could not be read says so and may be read again; it never says that there is nothing. */
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import type { Component } from 'vue'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import CounterPage from '@/counter/CounterPage.vue'
import CustomerPage from '@/customers/CustomerPage.vue'
import CustomersPage from '@/customers/CustomersPage.vue'
import TimelinePart from '@/customers/TimelinePart.vue'
import AppointmentList from '@/desk/appointment/AppointmentList.vue'
import SourcesCard from '@/desk/customer/SourcesCard.vue'
import PromiseList from '@/desk/promise/PromiseList.vue'
import VerifyPanel from '@/desk/verify/VerifyPanel.vue'
import { i18n, learn, speak } from '@/i18n'
import ConnectorsPart from '@/settings/connectors/ConnectorsPart.vue'
import ImportsPart from '@/settings/imports/ImportsPart.vue'
import SegmentGrid from '@/segments/SegmentGrid.vue'
import QueuePart from '@/resolution/QueuePart.vue'
import { useLive } from '@/stores/live'
import { useSession } from '@/stores/session'
import { me } from './samples'

const refusing = (status: number) => vi.fn(async () => new Response(JSON.stringify({ code: status === 429 ? 'rate_limited' : 'internal' }), { status }))
const offline = vi.fn(async () => Promise.reject(new TypeError('failed')))
const NOTHING = /还没有|没有找到|找不到|没有符合/

async function shown(part: Component, props: Record<string, unknown> = {}) {
  const routes = ['customers', 'customer', 'segments', 'desk', 'settings', 'login'].map((name) => ({ path: `/${name}`, name, component: { template: '<i/>' } }))
  const router = createRouter({ history: createMemoryHistory(), routes })
  const page = mount(part, { props, global: { plugins: [i18n, router], stubs: { ElDialog: true, 'el-dialog': true } } })
  await flushPromises()
  return page
}

beforeAll(async () => {
  await speak('zh-CN')
  for (const book of ['customers', 'counter', 'connectors', 'segments', 'review', 'admin'] as const) await learn(book)
  vi.stubGlobal('ResizeObserver', class { observe = () => undefined; unobserve = () => undefined; disconnect = () => undefined })
})
beforeEach(() => {
  setActivePinia(createPinia())
  useSession().me = { ...me(), agent: { ...me().agent, permissions: ['message.reply', 'customer.read', 'ticket.read'] } }
})

describe.each([['too often', refusing(429)], ['broken', refusing(500)], ['no network', offline]] as const)('%s', (_, answer) => {
  test.each<[string, Component, Record<string, unknown>]>([
    ['the list of customers', CustomersPage, {}], ['the page of a customer', CustomerPage, {}], ['his timeline', TimelinePart, { contactId: 'k' }],
    ['his orders', SourcesCard, { contactId: 'k' }], ['his appointments', AppointmentList, { contactId: 'k', again: 1 }],
    ['what he was promised', PromiseList, { contactId: 'k' }], ['ways to verify him', VerifyPanel, { conversationId: 'c' }],
    ['the counter', CounterPage, {}], ['segments', SegmentGrid, {}], ['pairs to review', QueuePart, {}],
    ['imports', ImportsPart, { id: '', sub: '' }], ['connectors', ConnectorsPart, {}],
  ])('%s says that it could not be read, and offers to try again', async (_name, part, props) => {
    vi.stubGlobal('fetch', answer)
    const page = await shown(part, props)
    expect(page.text()).toContain('重试')
    expect(page.text()).not.toMatch(NOTHING)
    const before = answer.mock.calls.length
    await page.findAll('button').find((button) => button.text() === '重试')!.trigger('click')
    await flushPromises()
    expect(answer.mock.calls.length).toBeGreaterThan(before)
    page.unmount()
  })
})

test('without a network nothing is offered that cannot work, and it comes by itself', async () => {
  useLive().lost = true
  vi.stubGlobal('fetch', offline)
  const page = await shown(SourcesCard, { contactId: 'k' })
  expect(page.text()).toContain('离线时看不到这部分')
  expect(page.text()).not.toContain('重试')
  const before = offline.mock.calls.length
  useLive().state = 'open'
  await flushPromises()
  expect(offline.mock.calls.length).toBeGreaterThan(before)
  page.unmount()
})

test('what one may not see is simply not there', async () => {
  vi.stubGlobal('fetch', refusing(404))
  expect((await shown(PromiseList, { contactId: 'k' })).text()).toBe('')
  expect((await shown(CustomerPage)).text()).toContain('找不到这位客户')
})
