import type { Config } from 'yizhan-sdk'
import { WAIT_STAGES_MS, type App } from '../app'

const LONG_WAIT_S = 120
const QUIET_MS = 120_000

/** The place in line, in other words as time goes by, and soon enough a choice. */
export function QueueCard({ app, config }: { app: App; config: Config }) {
  const { client, ui, say, ports } = app
  const queue = client.conversation?.queue
  const waited = ports.now() - ui.queuedAt
  const stage = WAIT_STAGES_MS.filter((limit) => waited >= limit).length
  const ahead = (queue?.position ?? 1) - 1
  const choices = ports.now() >= ui.keepUntil && (stage > 0 || (queue?.eta_s ?? 0) >= LONG_WAIT_S)
  return (
    <div class="card queue">
      <b>{ahead > 0 ? say('ahead', ahead) : say('next')}</b>
      <div class="bar"><i /></div>
      {queue?.eta_s != null && <small>{say('eta', waitText(app, queue.eta_s))}</small>}
      <p>{say((['wait0', 'wait1', 'wait2'] as const)[stage] ?? 'wait2')}</p>
      {choices && (
        <div class="options">
          <button class="chip" onClick={() => { keepWaiting(app) }}>
            {say('keepWaiting')}
          </button>
          <button class="chip" onClick={() => { app.set({ panel: 'leave', left: null }) }}>{say('leave')}</button>
          {config.callback !== false && (
            <button class="chip" onClick={() => { app.set({ panel: 'callback', left: null }) }}>{say('callback')}</button>
          )}
        </div>
      )}
    </div>
  )
}

function keepWaiting({ set, paint, ports }: App): void {
  set({ keepUntil: ports.now() + QUIET_MS })
  ports.after(QUIET_MS, paint)
}

/** A range, because a single number would be broken as often as kept. */
function waitText({ say }: App, seconds: number): string {
  if (seconds < 60) return say('minute')
  const low = Math.max(1, Math.floor((seconds * 0.8) / 60))
  const high = Math.max(low + 1, Math.ceil((seconds * 1.2) / 60))
  return say('minutes', `${low}–${high}`)
}
