import { client, set, ui } from '../app'
import { say } from '../look'
import { Sign } from './parts'

const SCORES = Array.from({ length: 11 }, (_, score) => score)

/** The survey that waits for this visitor; it is answered on its own page, and asked once it stands here. */
export function NpsCard({ id, brand, url }: { id: string; brand: string; url: string }) {
  const tell = (answer: 'shown' | 'closed') => {
    client.dispatch({ t: 'invite', id, answer })
    set({ nps: { ...ui.nps, [id]: answer } })
  }
  if (ui.nps[id] === 'closed') return null
  if (ui.open && !ui.nps[id]) tell('shown')
  return (
    <div class="card rating nps" role="group" aria-label={say('npsTitle', brand)}>
      <Sign name="close" label={say('close')} does={() => { tell('closed') }} />
      <b>{say('npsTitle', brand)}</b>
      <div class="options">
        {SCORES.map((score) => (
          <a class="chip" href={`${url}?score=${score}`} target="_blank" rel="noreferrer"
            onClick={() => { set({ nps: { ...ui.nps, [id]: 'closed' } }) }}>{score}</a>
        ))}
      </div>
      <small>{say('npsHint')}</small>
    </div>
  )
}
