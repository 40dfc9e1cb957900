import type { Ports } from './ports'
import type { Page, TrailItem } from './wire'

export interface VisitFacts {
  startedAt: number
  seenAt: number
  pages: number
  /** Addresses seen in this visit, newest last. */
  views: string[]
}

export interface TrailHost {
  ports: Ports
  /** Storage key of the visit. */
  slot: string
  page(): Page
  /** False when it could not be sent now: the items are kept. */
  send(items: TrailItem[]): boolean
  /** Last chance while the page goes away. */
  beacon(items: TrailItem[]): void
}

export type Trail = ReturnType<typeof openTrail>

const VISIT_GAP_MS = 30 * 60_000
/** What came together goes together; whoever moves on and on is not waited for. */
const FLUSH_MS = 200
const AGAIN_MS = 500
const KEEP_ITEMS = 100
const KEEP_VIEWS = 40
const SECRET = /([?&#][^=&#]*(?:token|code|key|pass|pwd|secret|session|sign|auth|phone|mobile|mail)[^=&#]*=)[^&#]*/gi

/** The address without what query strings should never have carried. */
export const maskUrl = (url: string) => url.slice(0, 1000).replace(SECRET, '$1***')

/** What a visitor looks at: pages, the time each was really visible, and the shop's own events. Never keystrokes. */
export function openTrail({ ports, slot, page, send, beacon }: TrailHost) {
  let items: TrailItem[] = []
  let current = ''
  let pageAt = 0
  let shownMs = 0
  let shownSince: number | null = null
  let timer = 0
  const seen = new Set<string>()
  let cartValue = 0
  const visit = readVisit()

  function readVisit(): VisitFacts {
    const now = ports.now()
    const kept = JSON.parse(ports.store.getItem(slot) ?? 'null') as VisitFacts | null
    return kept && now - kept.seenAt < VISIT_GAP_MS ? kept : { startedAt: now, seenAt: now, pages: 0, views: [] }
  }

  const add = (kind: string, rest: Partial<TrailItem>) => {
    const { title } = page()
    items = [...items, { kind, url: current, title, at: new Date(ports.now()).toISOString(), ...rest }].slice(-KEEP_ITEMS)
    timer ||= ports.after(FLUSH_MS, flush)
  }

  const flush = () => {
    ports.cancel(timer)
    timer = 0
    if (!items.length) return
    if (send(items)) items = []
    else timer = ports.after(AGAIN_MS, flush) // the line is not up yet, or away
  }

  const dwell = () => shownMs + (shownSince === null ? 0 : ports.now() - shownSince)

  const leavePage = () => {
    if (current) add('dwell', { dwell_ms: Math.round(dwell()) })
  }

  return {
    visit,
    /** Names of the events tracked on this page load. */
    seen,
    get pageSeconds() {
      return (ports.now() - pageAt) / 1000
    },
    flush,
    /** A page is shown; the same address again is not a new view. */
    page() {
      const { url, referrer } = page()
      const address = maskUrl(url)
      if (address === current) return
      leavePage()
      current = address
      pageAt = ports.now()
      shownMs = 0
      if (shownSince !== null) shownSince = pageAt
      visit.pages++
      visit.seenAt = pageAt
      visit.views = [...visit.views, address].slice(-KEEP_VIEWS)
      ports.store.setItem(slot, JSON.stringify(visit))
      add('page', { data: { referrer: maskUrl(referrer) } })
    },
    get cartValue() {
      return cartValue
    },
    track(event: string, data: Record<string, unknown> = {}) {
      seen.add(event)
      cartValue = Number(data.cart_value ?? (/cart/i.test(event) ? data.value : undefined) ?? cartValue) || 0
      add(event, { data })
    },
    visible(shown: boolean) {
      if (shown === (shownSince !== null)) return
      shownMs = dwell()
      shownSince = shown ? ports.now() : null
    },
    goingAway() {
      leavePage()
      if (items.length) beacon(items)
      items = []
    },
  }
}

/** Calls back after every change of address a single-page shop makes. Returns the undo. */
export function watchRoutes(view: Window, changed: () => void): () => void {
  const { history } = view
  const { pushState, replaceState } = history
  const later = () => {
    view.setTimeout(changed, 0)
  }
  history.pushState = function (...state) {
    // Routers and other trackers patch these too: the original `this` has to pass through.
    pushState.apply(this, state)
    later()
  }
  history.replaceState = function (...state) {
    replaceState.apply(this, state)
    later()
  }
  view.addEventListener('popstate', later)
  view.addEventListener('hashchange', later)
  return () => {
    history.pushState = pushState
    history.replaceState = replaceState
    view.removeEventListener('popstate', later)
    view.removeEventListener('hashchange', later)
  }
}

/** The visitor's browser says "do not track" or "do not sell": then nothing is recorded. */
export function mayTrack(view: Window): boolean {
  const browser = view.navigator as Navigator & { globalPrivacyControl?: boolean }
  return browser.doNotTrack !== '1' && !browser.globalPrivacyControl
}
