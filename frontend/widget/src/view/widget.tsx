import { client, toggle, ui } from '../app'
import { say } from '../look'
import { Icon } from './parts'
import { Teaser } from './teaser'
import { ChatWindow } from './window'

export function Widget() {
  return [ui.open && <ChatWindow />, !ui.open && ui.teaser && <Teaser {...ui.teaser} />, <Launcher />]
}

function Launcher() {
  const { unread } = client
  return (
    <button
      class="launcher"
      aria-label={say(ui.open ? 'close' : 'open') + (unread ? `, ${say('unread', unread)}` : '')}
      aria-expanded={ui.open}
      aria-haspopup="dialog"
      onClick={() => { toggle(!ui.open) }}
    >
      <Icon name={ui.open ? 'down' : 'chat'} />
      {!ui.open && unread > 0 && <b class="badge">{unread > 99 ? '99+' : unread}</b>}
    </button>
  )
}
