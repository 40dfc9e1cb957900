/** Every pane has a thread of its own; whoever stands in none follows the one in use. */
import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { h, provide } from 'vue'
import { offer, offered } from '@/deeds'
import { useLive } from '@/stores/live'
import { useSession } from '@/stores/session'
import { createThread, THREAD, useThread, useThreads } from '@/stores/thread'
import { answering, me, message, reachable } from './samples'

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().me = me()
  vi.stubGlobal('fetch', answering({}))
})

function beside(conversation: string) {
  const threads = useThreads()
  const thread = createThread()
  thread.conversations = [reachable(conversation)]
  threads.panes = [...threads.panes, { id: threads.panes.length + 1, thread }]
  return thread
}

describe('threads', () => {
  test('know nothing of each other, and every frame reaches the one it is for', () => {
    const [a, b] = [useThread(), beside('b')]
    a.conversations = [reachable('a')]
    const live = useLive()
    const put = (id: string, conversation_id: string) => live.take({ t: 'put', e: 'message', id, v: 1, row: message(id, { conversation_id, ticket_id: null }) as unknown as Record<string, unknown> })
    put('one', 'a')
    put('two', 'b')
    live.take({ t: 'typing', conversation_id: 'b', who: 'customer', name: '王晓燕' })
    expect([a.messages, b.messages].map((all) => all.map((each) => each.id))).toEqual([['one'], ['two']])
    expect([a.typing, b.typing?.name]).toEqual([null, '王晓燕'])
    expect(useThreads().holding('b')).toEqual([b])
  })

  test('a part of a pane has its thread, anything else the one in use', () => {
    const own = createThread()
    const part = { setup: () => () => h('i', useThread().currentId ?? 'none') }
    const pane = { setup: () => { provide(THREAD, own); return () => h(part) } }
    own.conversations = [reachable('own')]
    useThread().conversations = [reachable('used')]
    expect(mount(pane).text()).toBe('own')
    expect(mount(part).text()).toBe('used')
  })
})

test('what a part offers is offered while it is there', () => {
  const part = { setup() { offer(() => ({ reply: () => true })); return () => null } }
  const shown = mount(part)
  expect(Object.keys(offered())).toEqual(['reply'])
  shown.unmount()
  expect(offered()).toEqual({})
})
