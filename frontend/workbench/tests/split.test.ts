/** Several conversations side by side: which stand where, which is in use, what the address says of it, how many have room. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { freshOf } from '@/desk/split/news'
import { ASIDE_PX, beside, dropped, first, go, MOST, NARROWEST_PX, NONE, read, replace, room, type Split, tiled, turned, without, written } from '@/desk/split/set'
import { type Place, useThreads } from '@/stores/thread'
import { answering, message } from './samples'

const c = (id: string): Place => ({ kind: 'c', id })
const set = (ids: string, at = 0): Split => ({ places: [...ids].map(c), at })
const told = (split: Split | null) => split && split.places.map((each, at) => (at === split.at ? each.id.toUpperCase() : each.id)).join('')

describe('the set', () => {
  test('a link goes to the pane that shows it, else in place of the one in use', () => {
    expect(told(go(set('abc', 1), c('c')))).toBe('abC')
    expect(told(go(set('abc', 1), c('x')))).toBe('aXc')
    expect(told(go(NONE, c('x')))).toBe('X')
    expect(told(go(set('abc', 1), { kind: 't', id: 'ticket-of-a' }, 0))).toBe('Abc')
  })

  test('one more stands after the one in use or where it was dropped, and none is shown twice', () => {
    expect(told(beside(NONE, c('a')))).toBe('A')
    expect(told(beside(set('ab', 0), c('x')))).toBe('aXb')
    expect(told(beside(set('ab', 1), c('x'), 0))).toBe('Xab')
    expect(told(beside(set('ab', 0), c('b')))).toBe('aB')
  })

  test('a fifth has no room, but may take a place', () => {
    const full = set('abcd', 2)
    expect(full.places).toHaveLength(MOST)
    expect(beside(full, c('x'))).toBeNull()
    expect(told(replace(full, c('x'), 0))).toBe('Xbcd')
    expect(told(replace(full, c('x'), 9))).toBe('abcX')
  })

  test('what is closed leaves the others as they are; its neighbour is in use', () => {
    expect(told(without(set('abc', 0), 2))).toBe('Ab')
    expect(told(without(set('abc', 2), 0))).toBe('bC')
    expect(told(without(set('abc', 1), 1))).toBe('aC')
    expect(told(without(set('abc', 2), 2))).toBe('aB')
    expect(without(set('a'), 0)).toEqual(NONE)
  })

  test('the focus goes round; all of mine stand beside what is in use, never more than have a place', () => {
    expect([1, 1, 1].reduce((split, by) => turned(split, by), set('abc', 1)).at).toBe(1)
    expect(told(turned(set('abc', 0), -1))).toBe('abC')
    expect(turned(NONE, 1)).toEqual(NONE)
    expect(told(tiled(set('b'), [...'abcdef'].map(c)))).toBe('Bacd')
  })
})

describe('the address', () => {
  test('says the set as it is read again, and nothing of one alone', () => {
    const split = { places: [c('a'), { kind: 't' as const, id: 'b' }], at: 1 }
    expect(written(split)).toBe('c.a,t.b')
    expect(read(written(split), { kind: 't', id: 'b' })).toEqual(split)
    expect(written(set('a'))).toBeUndefined()
  })

  test('of others’ making does no harm', () => {
    expect(told(read('c.a,c.a,x.b,c.,t', null))).toBeNull()
    expect(told(read('c.a,c.b,c.d,c.e,c.f,c.g', c('b')))).toBe('aBde')
    expect(told(read('c.a,c.b', c('z')))).toBe('Zb')
    expect(read(['c.a', 'c.b'], null)).toBeNull()
  })
})

describe('the room', () => {
  test('there is one at a time on a small window, and as many as fit on a wide one', () => {
    expect(room(741, 1024, 3, true).shown).toBe(1)
    expect(room(3 * NARROWEST_PX - 1, 1440, 3, true).shown).toBe(2)
    expect(room(3 * NARROWEST_PX, 1440, 3, true).shown).toBe(3)
    expect(room(4000, 4400, 2, true).shown).toBe(2)
    expect(room(1048, 1440, 1, true)).toEqual({ shown: 1, aside: true, px: 1048 - ASIDE_PX })
  })

  test('the customer stands beside them while they can spare it', () => {
    expect(room(2 * NARROWEST_PX + ASIDE_PX, 1440, 2, true)).toEqual({ shown: 2, aside: true, px: NARROWEST_PX })
    expect(room(2 * NARROWEST_PX + ASIDE_PX - 1, 1440, 2, true).aside).toBe(false)
    expect(room(2 * NARROWEST_PX + ASIDE_PX, 1440, 2, false).px).toBe(NARROWEST_PX + ASIDE_PX / 2)
  })

  test('what is in use is seen, and the others stand still', () => {
    expect([0, 1, 2, 3].map((at) => first(at, 4, 2))).toEqual([0, 0, 2, 2])
    expect([0, 1, 2].map((at) => first(at, 3, 2))).toEqual([0, 0, 1])
    expect([0, 0.2, 0.4, 0.6, 0.9, 1].map((share) => dropped(share, 2))).toEqual([0, 0, 1, 1, 2, 2])
  })
})

test('what came since is counted by the customer’s messages alone', () => {
  const said = [message('1'), message('2', { direction: 'out' }), message('3'), message('4')]
  expect([freshOf(said, '1'), freshOf(said, '4'), freshOf(said, '')]).toEqual([2, 0, 3])
})

describe('threads', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    vi.stubGlobal('fetch', answering({}))
  })

  test('stay with what they show; the one in use is opened anew for what takes its place', () => {
    const threads = useThreads()
    threads.arrange(set('ab', 1))
    const [a, b] = threads.panes
    threads.arrange(set('bxa', 1))
    expect(threads.panes.map((pane) => pane.thread.place?.id)).toEqual(['b', 'x', 'a'])
    expect([threads.panes[0], threads.panes[2]]).toEqual([b, a])
    threads.arrange(set('bya', 1))
    expect(threads.used.thread.place).toEqual(c('y'))
    expect(threads.panes).toHaveLength(3)
    expect(told(threads.split)).toBe('bYa')
  })

  test('that were closed are let go: of a thousand nothing is left', async () => {
    const engine = (await import('node:v8' as string)) as { setFlagsFromString: (flag: string) => void }
    const { runInNewContext } = (await import('node:vm' as string)) as { runInNewContext: (code: string) => unknown }
    engine.setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const threads = useThreads()
    const gone: WeakRef<object>[] = []
    for (let n = 0; n < 1000; n++) {
      threads.arrange({ places: [c('kept'), c(`n${n}`)], at: 1 })
      gone.push(new WeakRef(threads.used.thread))
      threads.arrange(set('', 0))
    }
    expect(threads.panes).toHaveLength(1)
    await vi.waitFor(() => {
      collect()
      expect(gone.filter((each) => each.deref()).length).toBeLessThan(5)
    }, { timeout: 10_000 })
  })
})
