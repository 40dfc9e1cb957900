import type { Config } from 'yizhan-sdk'
import type { App, Ui } from '../app'
import { Face } from './face'
import { CLOSE, Icon } from '../icon'

interface Props {
  app: App
  config: Config
  teaser: NonNullable<Ui['teaser']>
}

/** A bubble over the closed button: an invitation, or the newest message. */
export function Teaser({ app, config, teaser }: Props) {
  const { say, client } = app
  const { id, name, text } = teaser
  const answer = (given: 'accepted' | 'closed') => {
    if (id) client.dispatch({ t: 'invite', id, answer: given })
    if (given === 'closed') {
      app.set({ teaser: null })
      return
    }
    if (id) app.set({ invited: { name, text, after: client.lines.length } })
    app.toggle(true)
  }
  return (
    <div class="teaser" role="status">
      <button class="round" aria-label={say('close')} onClick={() => { answer('closed') }}>
        <Icon path={CLOSE} />
      </button>
      <Face config={config} name={name} />
      <div class="grow">
        <b>{name || config.name}</b>
        <p>{text}</p>
        <button class="chip" onClick={() => { answer('accepted') }}>{say('reply')}</button>
      </div>
    </div>
  )
}
