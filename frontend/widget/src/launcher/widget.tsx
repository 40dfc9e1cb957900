import type { App } from '../app'
import { toneOf } from '../tone'
import { CHAT, DOWN, Icon } from '../icon'
import { Teaser } from './teaser'

/** Nothing is shown before the inbox's colours and name are known. */
export function Widget({ app }: { app: App }) {
  const { ui } = app
  if (!ui.config) return null
  const Window = app.part?.View
  const { brand, deep, on } = toneOf(ui.config.color)
  const classes = `y ${ui.dark ? 'dark' : ''} ${ui.config.position ?? ''} ${ui.open ? 'opened' : ''}`
  return (
    <div class={classes} style={{ '--brand': brand, '--deep': deep, '--on': on }} lang={app.locale}>
      {ui.open && Window && <Window app={app} config={ui.config} />}
      {!ui.open && ui.teaser && <Teaser app={app} config={ui.config} teaser={ui.teaser} />}
      <Launcher app={app} />
    </div>
  )
}

function Launcher({ app }: { app: App }) {
  const { ui, client, say } = app
  const label = ui.open ? say('close') : say('open')
  const unread = client.unread ? `, ${say('unread', client.unread)}` : ''
  return (
    <button
      class="launcher"
      aria-label={label + unread}
      aria-expanded={ui.open}
      aria-haspopup="dialog"
      onPointerEnter={app.fetchWindow}
      onFocus={app.fetchWindow}
      onClick={() => { app.toggle(!ui.open) }}
    >
      <Icon path={ui.open ? DOWN : CHAT} />
      {!ui.open && client.unread > 0 && <b class="badge">{client.unread > 99 ? '99+' : client.unread}</b>}
    </button>
  )
}
