import { render } from 'preact'
import { browserPorts, openClient } from 'yizhan-sdk'
import { openApp, type App } from './app'
import { openCommands, type Settings } from './commands'
import { dress, openHost } from './host'
import { currentPage } from './page'
import { tracksVisits, watchVisit } from './proactive'
import { windowPart } from './parts'
import { Widget } from './launcher/widget'
import { learn } from './words'

// Only while a classic script runs does the browser tell which one it is: read at load, never later.
const script = document.currentScript as HTMLScriptElement | null

function start(settings: Settings): App | null {
  const base = (settings.base ?? (script ? new URL(script.src).origin : location.origin)).replace(/\/$/, '')
  const locale = settings.locale ?? script?.dataset.locale ?? (document.documentElement.lang || navigator.language)
  const ports = browserPorts()
  const client = openClient({ base, inbox: settings.inbox, ports, locale: () => app.locale, page: currentPage })
  const { root, shadow } = openHost()
  const emit = (name: string, detail?: unknown) => {
    dispatchEvent(new CustomEvent(`yizhan:${name}`, { detail }))
  }
  const fetchWindow = windowPart(base, (part) => {
    learn(part.words)
    dress(shadow, part.styles)
    app.part = part
    app.paint()
  }, () => {
    app.toggle(false)
    emit('error', { code: 'window', detail: 'the window could not be loaded' })
  })
  const paint = keepView(shadow, () => {
    render(<Widget app={app} />, root)
  })
  const app: App = openApp({ client, ports, locale, paint, emit, fetchWindow })
  followPage(app, settings)
  if (settings.identity) app.identify(settings.identity)
  addEventListener('yizhan:ready', () => {
    const tracks = settings.tracking !== false && tracksVisits(app)
    if (tracks && !app.trail) watchVisit(app, ports, `yizhan:${settings.inbox}:visit`)
    // Without tracking a stranger costs no session before the window is opened.
    if (tracks || client.visitor) client.start()
  }, { once: true })
  app.boot()
  return app
}

/** Paints, and keeps the newest line in sight unless the visitor scrolled up to read. */
function keepView(shadow: ShadowRoot, draw: () => void) {
  let count = 0
  return (app: App) => {
    draw()
    const log = shadow.querySelector('.log')
    if (!log) {
      count = 0
      return
    }
    const lines = app.client.lines
    const mine = lines.length > count && lines.at(-1)?.from === 'customer'
    if (!count || mine || !app.ui.scrolledUp) log.scrollTop = log.scrollHeight
    count = lines.length
  }
}

function followPage(app: App, { theme }: Settings): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const dress = () => {
    app.set({ dark: theme ? theme === 'dark' : dark.matches })
  }
  dress()
  dark.addEventListener('change', dress)
  addEventListener('online', app.client.nudge)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) app.client.nudge()
    app.client.attend(app.ui.open && !document.hidden)
  })
}

openCommands(start)
const inbox = script?.dataset.inbox
if (inbox) (window as unknown as { yizhan(name: string, settings: Settings): void }).yizhan('init', { inbox })
