import type { Config } from 'yizhan-sdk'
import { inService, isAway, type App } from '../app'
import { Face } from '../launcher/face'
import { CLOSE, Icon } from '../icon'
import { BACK } from './icons'

export function Header({ app, config }: { app: App; config: Config }) {
  const { ui, say, client } = app
  const lost = client.link === 'waiting'
  const tone = lost ? 'lost' : isAway(app) ? 'off' : ''
  const agent = client.conversation?.phase === 'served' ? client.conversation.agent_name : null
  const back = ui.panel !== 'chat'
  return (
    <header>
      {back && (
        <button class="round" aria-label={say('backToChat')} onClick={() => { app.set({ panel: 'chat' }) }}>
          <Icon path={BACK} />
        </button>
      )}
      <span class={`face-box ${tone}`}><Face config={config} name={agent ?? ''} /></span>
      <div class="grow">
        <h2>{config.name}</h2>
        <p aria-live="polite">{lost ? say('reconnecting') : statusText(app, config)}</p>
      </div>
      <button class="round" aria-label={say('close')} onClick={() => { app.toggle(false) }}>
        <Icon path={CLOSE} />
      </button>
    </header>
  )
}

function statusText(app: App, config: Config): string {
  const { say, client } = app
  const { conversation } = client
  if (conversation && inService(app)) {
    if (conversation.phase === 'served') return say('served', conversation.agent_name ?? config.name)
    if (conversation.phase === 'bot') return say('bot')
    const ahead = (conversation.queue?.position ?? 1) - 1
    return ahead > 0 ? say('ahead', ahead) : say('next')
  }
  if (config.online) return config.subtitle ?? say('online')
  return config.opens ? say('opens', config.opens) : say('away')
}
