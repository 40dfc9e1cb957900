/** What is pressed in the field of a thread: what goes, and what is stopped first. */
import { enableAutoUnmount, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { forgetDrafts, keepDraft } from '@/composables/drafts'
import ComposerBox from '@/desk/composer/ComposerBox.vue'
import * as device from '@/device/device'
import { i18n, speak } from '@/i18n'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { createThread, THREAD } from '@/stores/thread'
import { pass } from './passing'
import { answering, matchMedia, me, reachable } from './samples'

const RouterLink = { template: '<a><slot /></a>' }
vi.mock('vue-router', async (real) => ({ ...(await real<object>()), useRouter: () => ({ push: vi.fn() }) }))

/** As it stands in a pane of its own. */
function box(conversation = 'c') {
  const thread = createThread()
  thread.conversations = [reachable(conversation)]
  const shown = mount(ComposerBox, { global: { plugins: [i18n], provide: { [THREAD as symbol]: thread }, stubs: { RouterLink } }, attachTo: document.body })
  const field = shown.get<HTMLTextAreaElement>('[data-test=composer-text]')
  return { shown, thread, field, sends: (more = {}) => field.trigger('keydown', { key: 'Enter', ctrlKey: true, ...more }) }
}
const waiting = () => useOutbox().all.map((each) => each.text)

enableAutoUnmount(afterEach)
beforeAll(() => speak('zh-CN'))
beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('matchMedia', matchMedia)
  vi.stubGlobal('fetch', answering({ '/quick-replies': { items: [], gaps: [] } }))
  setActivePinia(createPinia())
  useSession().me = me()
  await device.wipe()
  await device.begin('me')
  forgetDrafts()
})
afterEach(() => {
  useOutbox().close()
  vi.useRealTimers()
})

describe('a variable that nobody filled', () => {
  test('stops the first send, is selected to be written over, and said', async () => {
    const { shown, field, sends } = box()
    await field.setValue('订单{{ 订单号 }}已发出,{{到货日期}}到')
    await sends()
    expect(waiting()).toEqual([])
    expect(field.element.value.slice(field.element.selectionStart, field.element.selectionEnd)).toBe('{{ 订单号 }}')
    expect(document.activeElement).toBe(field.element)
    expect(shown.get('[data-test=unfilled]').text()).toContain('订单号、到货日期')
    expect(shown.get('[data-test=send]').text()).toContain('仍要发送')
    await field.setValue('订单 SO1 已发出')
    expect(shown.find('[data-test=unfilled]').exists()).toBe(false)
    await sends()
    expect(waiting()).toEqual(['订单 SO1 已发出'])
  })

  test('goes as it stands at a second press that was meant: not a held key, not a double one, not after a change', async () => {
    const { shown, field, sends } = box()
    await field.setValue('{{订单号}}')
    await sends()
    await pass(300)
    await sends()
    await pass(900)
    await sends({ repeat: true })
    expect(waiting()).toEqual([])
    await field.setValue('{{订单号}}。')
    await sends()
    expect(waiting()).toEqual([])
    await pass(900)
    await shown.get('[data-test=send]').trigger('click')
    expect(waiting()).toEqual(['{{订单号}}。'])
  })

  test('is found in a draft of another day, and with 发送并待确认; colleagues may be written to in braces', async () => {
    keepDraft('c', { text: '您好{{姓名}}', note: false, attachments: [] })
    const { shown, field, thread, sends } = box()
    await sends({ shiftKey: true })
    expect([waiting(), shown.find('[data-test=unfilled]').exists()]).toEqual([[], true])
    await shown.get('[data-test=tab-note]').trigger('click')
    await sends()
    expect(useOutbox().all.map((each) => [each.text, each.note])).toEqual([['您好{{姓名}}', true]])
    thread.conversations = [reachable('other')]
    await field.setValue('{{姓名}}')
    await sends()
    expect(waiting()).toHaveLength(1)
  })
})
