import { dueInvitation, mayTrack, openTrail, watchRoutes, type Trail } from 'yizhan-sdk'
import { client, config, inService, ports, set, ui } from './app'
import { currentPage } from './page'

const LOOK_EVERY_MS = 1_000

/** The visit on this page; null while it is not recorded. */
export let trail: Trail | null = null

let slot = ''
let wanted = true
let watched = false
let exitIntent = false
let invited = false

/** `tracking` false is the page's own no; `inbox` tells apart what is kept in the browser. */
export function prepareVisit(inbox: string, tracking: boolean): void {
  slot = `yizhan:${inbox}`
  wanted = tracking
}

/** The browser may forbid it, the inbox switch it off, and where agreement is needed nothing is recorded before. */
export const tracks = (): boolean =>
  wanted && mayTrack(window) && config && config.tracking !== false &&
  (!config.consent || ports.store.getItem(`${slot}:consent`) === '1')

/** The visitor agreed or no longer does: then what was recorded is deleted. */
export function consent(granted: boolean): void {
  ports.store.setItem(`${slot}:consent`, granted ? '1' : '0')
  if (granted && tracks()) watchVisit()
  else trail = null
  if (granted || client.visitor) client.dispatch({ t: 'consent', granted })
}

/** Records the visit and offers help when a rule's moment comes: at most one invitation on a page load. */
export function watchVisit(): void {
  trail ??= openTrail({
    ports,
    slot: `${slot}:visit`,
    page: currentPage,
    send: (items) => client.trail(items),
    beacon(items) {
      const body = JSON.stringify({ items, sent_at: new Date(ports.now()).toISOString() })
      if (client.token) navigator.sendBeacon(`${client.root}/trail?token=${encodeURIComponent(client.token)}`, body)
    },
  })
  trail.visible(!document.hidden)
  trail.page()
  if (watched) return
  watched = true
  watchRoutes(window, () => trail?.page())
  addEventListener('pagehide', () => trail?.goingAway())
  document.addEventListener('visibilitychange', () => {
    trail?.visible(!document.hidden)
    trail?.flush()
  })
  document.documentElement.addEventListener('mouseleave', (event) => {
    exitIntent = event.clientY <= 0
  })
  setInterval(look, LOOK_EVERY_MS)
}

function look(): void {
  const { rules } = config
  if (!trail || invited || !rules.length || ui.open || ui.teaser || document.hidden || inService()) return
  const { scrollHeight, clientHeight } = document.documentElement
  const rule = dueInvitation(rules, {
    url: location.href,
    pageSeconds: trail.pageSeconds,
    visitSeconds: (ports.now() - trail.visit.startedAt) / 1000,
    pages: trail.visit.pages,
    views: trail.visit.views,
    scrollPercent: (scrollY / Math.max(1, scrollHeight - clientHeight)) * 100,
    exitIntent,
    events: trail.seen,
    cartValue: trail.cartValue,
  })
  if (!rule) return
  invited = true
  set({ teaser: { id: rule.id, name: '', text: rule.text } })
  client.dispatch({ t: 'invite', id: rule.id, answer: 'shown' })
}
