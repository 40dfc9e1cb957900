import { browserPorts, openClient } from 'yizhan-sdk'
import { begin, client, config, identify, locale, paint, ui } from './app'
import { openCommands, type Settings } from './commands'
import { draw } from './draw'
import { openHost } from './host'
import { currentPage } from './page'
import { toneOf } from './tone'
import { focusFirst } from './view/focus'
import { keepPlace } from './view/place'
import { Widget } from './view/widget'
import { prepareVisit, tracks, watchVisit } from './visit'

// Only while a classic script runs does the browser tell which one it is: read at load, never later.
const script = document.currentScript as HTMLScriptElement | null

function start({ inbox, websiteToken, base, baseUrl, tracking, theme, identity, ...settings }: Settings): void {
  const key = inbox ?? websiteToken ?? ''
  const home = (base ?? baseUrl ?? (script ? new URL(script.src).origin : location.origin)).replace(/\/$/, '')
  const ports = browserPorts(key)
  const { root, shadow } = openHost()
  const prefersDark = matchMedia('(prefers-color-scheme: dark)')

  const show = () => {
    const dark = theme ? theme === 'dark' : prefersDark.matches
    root.className = `y ${dark ? 'dark' : ''} ${config.position ?? ''} ${ui.open ? 'opened' : ''}`
    root.lang = locale
    for (const [name, value] of Object.entries(toneOf(config.color))) root.style.setProperty(`--${name}`, value)
    keepPlace(shadow, () => {
      draw(root, Widget())
    })
    focusFirst(shadow)
  }

  prepareVisit(key, tracking !== false)
  prefersDark.addEventListener('change', paint)
  addEventListener('yizhan:ready', () => {
    const recorded = tracks()
    if (recorded) watchVisit()
    // Without tracking a stranger costs no session before the window is opened.
    if (recorded || client.visitor) client.start()
  }, { once: true })
  begin({
    client: openClient({ base: home, inbox: key, ports, locale: () => locale, page: currentPage, tracking: tracks }),
    ports,
    base: home,
    locale: settings.locale ?? script?.dataset.locale ?? (document.documentElement.lang || navigator.language),
    root: shadow,
    draw: show,
  })
  if (identity) identify(identity)
  addEventListener('online', client.nudge)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) client.nudge()
    client.attend(ui.open && !document.hidden)
  })
}

openCommands(start)
const inbox = script?.dataset.inbox
if (inbox) (window as unknown as { yizhan(name: string, settings: Settings): void }).yizhan('init', { inbox })
