import { client, config, paint, ports, set, ui, WAIT_STAGES_MS } from '../app'
import { say } from '../look'
import { leave } from './actions'
import { placeInLine } from './header'
import { Chip } from './parts'

const LONG_WAIT_S = 120
const QUIET_MS = 120_000

/** The place in line, in other words as time goes by, and soon enough a choice. */
export function QueueCard() {
  const eta = client.conversation?.queue?.eta_s
  const waited = ports.now() - ui.queuedAt
  const stage = WAIT_STAGES_MS.filter((limit) => waited >= limit).length as 0 | 1 | 2
  const choices = ports.now() >= ui.keepUntil && (stage > 0 || (eta ?? 0) >= LONG_WAIT_S)
  return (
    <div class="card queue">
      <b>{placeInLine()}</b>
      <div class="bar"><i /></div>
      {eta != null && <small>{say('eta', waitText(eta))}</small>}
      <p>{say(`wait${stage}`)}</p>
      {choices && (
        <div class="options">
          <Chip text={say('keepWaiting')} does={keepWaiting} />
          {config.assistant && (
            <Chip text={say('askBot')} does={() => { client.dispatch({ t: 'assistant' }) }} />
          )}
          <Chip text={say('leave')} does={leave} />
          {config.callback !== false && (
            <Chip text={say('callback')} does={() => { set({ panel: 'callback', left: null }) }} />
          )}
        </div>
      )}
    </div>
  )
}

function keepWaiting(): void {
  set({ keepUntil: ports.now() + QUIET_MS })
  ports.after(QUIET_MS, paint)
}

/** A range, because a single number would be broken as often as kept. */
function waitText(seconds: number): string {
  if (seconds < 60) return say('minute')
  const low = Math.max(1, Math.floor((seconds * 0.8) / 60))
  return say('minutes', `${low}–${Math.max(low + 1, Math.ceil((seconds * 1.2) / 60))}`)
}
