import { dueInvitation, mayTrack, openTrail, watchRoutes, type Ports } from 'yizhan-sdk'
import { inService, type App } from './app'
import { currentPage } from './page'

const LOOK_EVERY_MS = 1_000

/** Records the visit and offers help when a rule's moment comes: at most one invitation on a page load. */
export function watchVisit(app: App, ports: Ports, slot: string): void {
  const { client } = app
  const trail = (app.trail = openTrail({
    ports, slot,
    page: currentPage,
    send: (items) => client.trail(items),
    beacon: (items) => {
      const query = `?token=${encodeURIComponent(client.token)}`
      if (client.token) navigator.sendBeacon(`${client.root}/trail${query}`, JSON.stringify({ items }))
    },
  }))
  let exitIntent = false
  let invited = false
  trail.visible(!document.hidden)
  trail.page()
  watchRoutes(window, trail.page)
  addEventListener('pagehide', trail.goingAway)
  document.addEventListener('visibilitychange', () => {
    trail.visible(!document.hidden)
    trail.flush()
  })
  document.documentElement.addEventListener('mouseleave', (event) => {
    exitIntent = event.clientY <= 0
  })

  const look = () => {
    const rules = app.ui.config?.rules
    if (!rules?.length || invited || app.ui.open || app.ui.teaser || document.hidden || inService(app)) return
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
    app.set({ teaser: { id: rule.id, name: '', text: rule.text } })
    client.dispatch({ t: 'invite', id: rule.id, answer: 'shown' })
  }
  setInterval(look, LOOK_EVERY_MS)
}

export const tracksVisits = (app: App): boolean => app.ui.config?.tracking !== false && mayTrack(window)
