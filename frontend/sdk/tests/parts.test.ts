import { describe, expect, it, vi } from 'vitest'
import { backoff, dueInvitation, maskUrl, mayTrack, newId, openOutbox, openStore, withCookie, openTrail, watchRoutes, type Moment, type TrailItem } from '../src'
import { surroundings } from './surroundings'

describe('backoff', () => {
  it('doubles from half a second to half a minute, half of it by chance', () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, () => 1))).toEqual([500, 1000, 2000, 4000])
    expect(backoff(0, () => 0)).toBe(250)
    expect(backoff(50, () => 1)).toBe(30_000)
  })
})

describe('ids', () => {
  it('are version 4 also where randomUUID is missing, as on plain-http pages', () => {
    const spy = vi.spyOn(crypto, 'randomUUID')
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true })
    const made = new Set(Array.from({ length: 100 }, newId))
    spy.mockRestore()
    expect(made.size).toBe(100)
    for (const id of made) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  })
})

describe('storage', () => {
  it('is memory where the browser forbids it', () => {
    const forbidden = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('denied')
    })
    const store = openStore()
    store.setItem('a', '1')
    expect(store.getItem('a')).toBe('1')
    store.removeItem('a')
    expect(store.getItem('a')).toBeNull()
    forbidden.mockRestore()
  })

  it('keeps the visitor in a cookie too, and nothing else', () => {
    const store = withCookie(openStore(), 'yizhan:shop:visitor')
    store.setItem('yizhan:shop:visitor', 'v-1')
    store.setItem('yizhan:shop:token', 'secret')
    expect(document.cookie).toBe('yizhan%3Ashop%3Avisitor=v-1')
    localStorage.clear()
    expect(store.getItem('yizhan:shop:visitor')).toBe('v-1')
    expect(store.getItem('yizhan:shop:token')).toBeNull()
    store.removeItem('yizhan:shop:visitor')
    expect(document.cookie).toBe('')
  })

  it('is shared by tabs: another tab’s unsent words are not overwritten', () => {
    const { ports } = surroundings()
    const [mine, other] = [openOutbox(ports.store, 'k', ports.now), openOutbox(ports.store, 'k', ports.now)]
    const frame = (client_id: string) => ({ frame: { t: 'human' as const, client_id }, at: ports.now() })
    mine.add(frame('a'))
    other.add(frame('b'))
    mine.remove('a')
    expect(mine.all().map((entry) => entry.frame.client_id)).toEqual(['b'])
  })

  it('lets go of words older than three days, and of what cannot be read', async () => {
    const world = surroundings()
    const outbox = openOutbox(world.ports.store, 'k', world.ports.now)
    outbox.add({ frame: { t: 'end', client_id: 'a' }, at: world.ports.now() })
    await world.pass(4 * 86_400_000)
    expect(outbox.unsent()).toEqual([])
    world.kept.set('k', '{broken')
    expect(outbox.all()).toEqual([])
  })
})

describe('the trail', () => {
  function visit() {
    const world = surroundings()
    const at = { url: 'https://shop.example/', title: '首页', referrer: '' }
    const sent: TrailItem[] = []
    const beacons: TrailItem[] = []
    let online = true
    const open = () =>
      openTrail({
        ports: world.ports,
        slot: 'visit',
        page: () => at,
        send: (items) => online && sent.push(...items) > 0,
        beacon: (items) => beacons.push(...items),
      })
    return { world, at, sent, beacons, open, trail: open(), offline: (away: boolean) => (online = !away) }
  }

  it('counts only the time a page was really seen', async () => {
    const { world, at, sent, trail } = visit()
    trail.visible(true)
    trail.page()
    await world.pass(5_000)
    trail.visible(false)
    await world.pass(60_000)
    trail.visible(true)
    await world.pass(2_000)
    at.url = 'https://shop.example/p/1'
    trail.page()
    await world.pass(4_000)
    expect(sent.map((item) => [item.kind, item.url.slice(20), item.dwell_ms])).toEqual([
      ['page', '/', undefined],
      ['dwell', '/', 7_000],
      ['page', '/p/1', undefined],
    ])
  })

  it('is told within a moment, however fast somebody moves on', async () => {
    const { world, at, sent, trail } = visit()
    for (let n = 0; n < 5; n++) {
      at.url = `https://shop.example/p/${n}`
      trail.page()
      await world.pass(150)
    }
    expect(sent.filter((item) => item.kind === 'page').length).toBeGreaterThan(2)
  })

  it('is told as soon as the line is up', async () => {
    const { world, sent, trail, offline } = visit()
    offline(true)
    trail.page()
    await world.pass(3_000)
    expect(sent).toEqual([])
    offline(false)
    await world.pass(600)
    expect(sent.map((item) => item.kind)).toEqual(['page'])
  })

  it('does not take a repeated address for a new page', () => {
    const { trail } = visit()
    trail.page()
    trail.page()
    expect(trail.visit.pages).toBe(1)
  })

  it('keeps what could not be sent, and hands the rest to the beacon', async () => {
    const { world, sent, beacons, trail, offline } = visit()
    offline(true)
    trail.page()
    trail.track('Product Viewed', { name: '净水器' })
    await world.pass(5_000)
    expect(sent).toEqual([])
    trail.goingAway()
    expect(beacons.map((item) => item.kind)).toEqual(['page', 'Product Viewed', 'dwell'])
  })

  it('goes on within half an hour and begins anew after it', async () => {
    const { world, trail, open } = visit()
    trail.page()
    await world.pass(29 * 60_000)
    expect(open().visit.pages).toBe(1)
    await world.pass(31 * 60_000)
    expect(open().visit.pages).toBe(0)
  })

  it('knows the value of the cart', () => {
    const { trail } = visit()
    trail.track('Cart Viewed', { value: '199.5' })
    trail.track('Product Viewed', { value: 5 })
    expect(trail.cartValue).toBe(199.5)
  })

  it('masks what addresses should not carry', () => {
    expect(maskUrl('https://a.example/?token=x&q=1#access_code=9')).toBe('https://a.example/?token=***&q=1#access_code=***')
  })

  it('respects do-not-track and the global privacy control', () => {
    const view = (navigator: object) => ({ navigator }) as unknown as Window
    expect(mayTrack(view({ doNotTrack: '1' }))).toBe(false)
    expect(mayTrack(view({ globalPrivacyControl: true }))).toBe(false)
    expect(mayTrack(view({ doNotTrack: null }))).toBe(true)
  })

  it('follows single-page shops and leaves their history as it was', async () => {
    const before = history.pushState
    const changed = vi.fn()
    const undo = watchRoutes(window, changed)
    const own = { pushState: history.pushState }
    expect(() => { own.pushState.call(history, null, '', '/a') }).not.toThrow()
    history.replaceState(null, '', '/b')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(location.pathname).toBe('/b')
    expect(changed).toHaveBeenCalledTimes(2)
    undo()
    expect(history.pushState).toBe(before)
  })
})

describe('invitations', () => {
  const moment: Moment = {
    url: 'https://shop.example/checkout', pageSeconds: 61, visitSeconds: 200, pages: 4,
    views: ['/repair', '/repair', '/repair'], scrollPercent: 50, exitIntent: false, events: new Set(['Cart Viewed']), cartValue: 500,
  }
  const rule = (conditions: object) => [{ id: 'r', text: '', ...conditions }]

  it.each([
    [{}, true],
    [{ url_contains: '/checkout', page_seconds: 60 }, true],
    [{ url_contains: '/p/' }, false],
    [{ page_seconds: 62 }, false],
    [{ visit_seconds: 201 }, false],
    [{ pages: 5 }, false],
    [{ views: { url_contains: '/repair', count: 3 } }, true],
    [{ views: { url_contains: '/repair', count: 4 } }, false],
    [{ scroll_percent: 51 }, false],
    [{ exit_intent: true }, false],
    [{ event: 'Cart Viewed', cart_value: 500 }, true],
    [{ event: 'Checkout Started' }, false],
    [{ cart_value: 501 }, false],
  ])('%j', (conditions, due) => {
    expect(dueInvitation(rule(conditions), moment) !== undefined).toBe(due)
  })
})
