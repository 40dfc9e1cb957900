/** What is pressed in the field of a thread: what goes, and what is stopped first. */
import { enableAutoUnmount, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { forgetDrafts, keepDraft } from '@/composables/drafts'
import ComposerBox from '@/desk/composer/ComposerBox.vue'
import * as device from '@/device/device'
import { i18n, speak } from '@/i18n'
import MessageLog from '@/desk/thread/MessageLog.vue'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { createThread, THREAD } from '@/stores/thread'
import { pass } from './passing'
import { answering, matchMedia, me, message, reachable } from './samples'

const RouterLink = { template: '<a><slot /></a>' }
vi.mock('vue-router', async (real) => ({ ...(await real<object>()), useRouter: () => ({ push: vi.fn() }) }))

/** As it stands in a pane of its own. */
function box(conversation = 'c', drawn = () => undefined as unknown) {
  const thread = createThread()
  thread.conversations = [reachable(conversation)]
  const shown = mount(ComposerBox, { global: { mixins: [{ updated: drawn }], plugins: [i18n], provide: { [THREAD as symbol]: thread }, stubs: { RouterLink } }, attachTo: document.body })
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

describe('of two side by side', () => {
  test('typing in one leaves the other as it was drawn, and its own half sentence', async () => {
    const drawn = vi.fn()
    const [one, other] = [box('a'), box('b', drawn)]
    await other.field.setValue('写到一半')
    await pass(2000)
    drawn.mockClear()
    one.field.element.focus()
    for (const words of ['您', '您好', '您好,', '您好,请稍等']) {
      await one.field.setValue(words)
      await pass(300)
    }
    expect([drawn.mock.calls.length, document.activeElement === one.field.element]).toEqual([0, true])
    expect([one.field.element.value, other.field.element.value]).toEqual(['您好,请稍等', '写到一半'])
  })

  test('a file goes where it is dropped', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(JSON.stringify({ hash: 'f', name: '单据.txt', type: 'text/plain', size: 4 }), { status: 201 }))))
    const [one, other] = [box('a'), box('b')]
    one.field.element.focus()
    const dataTransfer = { types: ['Files'], files: [new File(['纸'], '单据.txt', { type: 'text/plain' })] }
    await other.shown.trigger('dragover', { dataTransfer })
    expect([one.shown.classes('dragging'), other.shown.classes('dragging')]).toEqual([false, true])
    await other.shown.trigger('drop', { dataTransfer })
    await vi.waitFor(() => expect(other.shown.get('[data-test=send]').attributes('disabled')).toBeUndefined()) // it is up
    expect([one.shown.text().includes('单据.txt'), other.shown.text().includes('单据.txt')]).toEqual([false, true])
    await other.sends()
    expect(useOutbox().all.map((each) => [each.conversation_id, each.attachments[0]?.name])).toEqual([['b', '单据.txt']])
  })

  test('a colleague’s answer meanwhile is asked about where the reply was written', async () => {
    const late = message('02', { conversation_id: 'b', direction: 'out', author: { kind: 'agent', name: '苏瑾', id: 'su' } })
    vi.stubGlobal('fetch', vi.fn((_: string, init: RequestInit) => Promise.resolve(
      init.method === 'POST' ? new Response(JSON.stringify({ code: 'answered_meanwhile' }), { status: 409 }) : new Response(JSON.stringify({ ticket: null, conversations: [], messages: [late], notes: [] })),
    )))
    const [one, other] = [box('a'), box('b')]
    const log = (of: typeof one) => mount(MessageLog, { global: { plugins: [i18n], provide: { [THREAD as symbol]: of.thread }, stubs: { RouterLink } } })
    vi.stubGlobal('ResizeObserver', class { observe = vi.fn(); unobserve = vi.fn(); disconnect = vi.fn() })
    Element.prototype.scrollTo ??= () => undefined
    const [left, right] = [log(one), log(other)]
    useOutbox().add({ conversation_id: 'b', text: '我来答', attachments: [], note: false, mentions: [] }, 0)
    await pass(100)
    expect(left.find('[data-test=message-waiting]').exists()).toBe(false)
    expect(right.get('[data-test=happened]').text()).toContain('苏瑾')
  })
})
