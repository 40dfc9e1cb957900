import { client, config, set, toggle } from '../app'
import { say } from '../look'
import { Chip, Face, Sign } from './parts'

/** A bubble over the closed button: an invitation, or the newest message. */
export function Teaser({ id, name, text }: { id: string; name: string; text: string }) {
  const answer = (given: 'accepted' | 'closed') => {
    if (id) client.dispatch({ t: 'invite', id, answer: given })
    set({ teaser: null })
    if (given === 'closed') return
    if (id) set({ invited: { name, text, after: client.lines.length } })
    toggle(true)
  }
  return (
    <div class="teaser" role="status">
      <Sign name="close" label={say('close')} does={() => { answer('closed') }} />
      <Face name={name} />
      <div class="grow">
        <b>{name || config.name}</b>
        <p>{text}</p>
        <Chip text={say('reply')} does={() => { answer('accepted') }} />
      </div>
    </div>
  )
}
