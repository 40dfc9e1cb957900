import { client, config, inService, set, ui } from '../app'
import { say } from '../look'
import { Chip, Icon } from './parts'
import { progress } from './progress'
import { visits } from './visits'

/** The row over the composer. 转人工 is always there, whatever the visitor is doing. */
export function Actions() {
  const phase = inService() && client.conversation?.phase
  const asked = phase === 'queued' || client.waiting('human')
  if (ui.askEnd) return <EndQuestion />
  return (
    <div class="actions">
      {phase === 'served' ? <span class="chip on"><Icon name="check" />{say('humanOn')}</span> : (
        <button class={`chip ${asked ? 'on' : ''}`} disabled={asked} onClick={askHuman}>
          <Icon name="person" />{say('human')}
        </button>
      )}
      <Chip icon="pen" text={say('leave')} does={leave} />
      <Chip text={say('progress')} does={() => void progress()} />
      {config.visits && <Chip text={say('visits')} does={visits} />}
      {phase && <Chip icon="power" text={say('end')} does={() => { set({ askEnd: true }) }} />}
    </div>
  )
}

export const leave = () => {
  set({ panel: 'leave', left: null })
}

function askHuman(): void {
  // With nobody on duty a queue would be a lie.
  if (!config.online && !inService()) leave()
  else client.dispatch({ t: 'human' })
}

function EndQuestion() {
  return (
    <div class="actions" role="alertdialog" aria-label={say('endAsk')}>
      <span class="grow">{say('endAsk')}</span>
      <Chip text={say('cancel')} does={() => { set({ askEnd: false }) }} />
      <button class="chip danger" onClick={() => {
        client.dispatch({ t: 'end' })
        set({ askEnd: false })
      }}>
        {say('end')}
      </button>
    </div>
  )
}
