import type { Config } from 'yizhan-sdk'
import { inService, type App } from '../app'
import { Icon } from '../icon'
import { CHECK, PEN, PERSON, POWER } from './icons'

/** The row over the composer. 转人工 is always there, whatever the visitor is doing. */
export function Actions({ app, config }: { app: App; config: Config }) {
  const { client, ui, say } = app
  const phase = inService(app) ? client.conversation?.phase : undefined
  const asked = phase === 'queued' || client.waiting('human')
  if (ui.askEnd) return <EndQuestion app={app} />
  return (
    <div class="actions">
      {phase === 'served' ? (
        <span class="chip on"><Icon path={CHECK} />{say('humanOn')}</span>
      ) : (
        <button class={`chip ${asked ? 'on' : ''}`} disabled={asked} onClick={() => { askHuman(app, config) }}>
          <Icon path={PERSON} />{say('human')}
        </button>
      )}
      <button class="chip" onClick={() => { app.set({ panel: 'leave', left: null }) }}>
        <Icon path={PEN} />{say('leave')}
      </button>
      {phase && (
        <button class="chip" onClick={() => { app.set({ askEnd: true }) }}>
          <Icon path={POWER} />{say('end')}
        </button>
      )}
    </div>
  )
}

function askHuman(app: App, config: Config): void {
  // With nobody on duty a queue would be a lie.
  if (!config.online && !inService(app)) app.set({ panel: 'leave', left: null })
  else app.client.dispatch({ t: 'human' })
}

function EndQuestion({ app }: { app: App }) {
  const { say } = app
  return (
    <div class="actions" role="alertdialog" aria-label={say('endAsk')}>
      <span class="grow">{say('endAsk')}</span>
      <button class="chip" onClick={() => { app.set({ askEnd: false }) }}>{say('cancel')}</button>
      <button
        class="chip danger"
        onClick={() => {
          app.client.dispatch({ t: 'end' })
          app.set({ askEnd: false })
        }}
      >
        {say('end')}
      </button>
    </div>
  )
}
