import { client, config, inService, isAway, set, toggle, ui } from '../app'
import { say } from '../look'
import { Face, Sign } from './parts'

export function Header() {
  const lost = client.link === 'waiting'
  const { conversation } = client
  return (
    <div class="head">
      {ui.panel !== 'chat' && <Sign name="back" label={say('backToChat')} does={() => { set({ panel: 'chat' }) }} />}
      <span key="face" class={`face-box ${lost ? 'lost' : isAway() ? 'off' : ''}`}>
        <Face name={conversation?.phase === 'served' ? conversation.agent_name : ''} />
      </span>
      <div class="grow" key="name">
        <h2>{config.name}</h2>
        <p aria-live="polite">{lost ? say('reconnecting') : status()}</p>
      </div>
      <Sign key="close" name="close" label={say('close')} does={() => { toggle(false) }} />
    </div>
  )
}

function status(): string {
  const { conversation } = client
  if (conversation && inService()) {
    if (conversation.phase === 'served') return say('served', conversation.agent_name ?? config.name)
    return conversation.phase === 'bot' ? say('bot') : placeInLine()
  }
  if (config.night && config.reply_by) return say('night', config.reply_by)
  if (config.online) return config.subtitle ?? say('online')
  return config.opens ? say('opens', config.opens) : say('away')
}

export function placeInLine(): string {
  const ahead = (client.conversation?.queue?.position ?? 1) - 1
  return ahead > 0 ? say('ahead', ahead) : say('next')
}
