import type { Config } from 'yizhan-sdk'
import { isAway, type App } from '../app'
import { Icon } from '../icon'
import { focusOnce } from './trap'
import { CHECK } from './icons'

const PHONE = /^\+?[\d\s-]{7,18}$/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** 留言 and 回电: one reachable address, and when the answer comes. */
export function LeaveForm({ app, config }: { app: App; config: Config }) {
  const { ui, say, client } = app
  const call = ui.panel === 'callback'
  if (ui.left !== null) return <LeaveDone app={app} />
  const known = call ? client.profile.phone : (client.profile.phone ?? client.profile.email)
  return (
    <form class="form leave" noValidate tabIndex={-1} ref={focusOnce} onSubmit={(event) => {
      event.preventDefault()
      void submit(app, call, new FormData(event.currentTarget))
    }}>
      <h3>{say(call ? 'callTitle' : 'leaveTitle')}</h3>
      <p>{config.opens && isAway(app) ? say('leaveBy', config.opens) : say('leaveHint')}</p>
      <label>
        <span>{say('question')}{!call && ' *'}</span>
        <textarea class="field" name="text" rows={5} maxLength={2000} />
      </label>
      <label>
        <span>{say(call ? 'phone' : 'contact')} *</span>
        <input class="field" name="contact" type={call ? 'tel' : 'text'} defaultValue={known ?? ''} maxLength={200}
          autocomplete={call ? 'tel' : 'email'} list={undefined} />
      </label>
      {ui.problem && <p class="problem" role="alert">{say(ui.problem)}</p>}
      <button class="primary">{say('submit')}</button>
    </form>
  )
}

async function submit(app: App, call: boolean, values: FormData): Promise<void> {
  const text = String(values.get('text')).trim()
  const contact = String(values.get('contact')).trim()
  const reachable = PHONE.test(contact) || (!call && EMAIL.test(contact))
  app.set({ problem: !call && !text ? 'required' : reachable ? null : 'badContact' })
  if (app.ui.problem) return
  try {
    const { reply_by } = await app.client.leave(text, contact, '', call)
    app.set({ left: reply_by ?? '' })
  } catch {
    app.set({ problem: 'retryLater' })
  }
}

function LeaveDone({ app }: { app: App }) {
  const { ui, say } = app
  return (
    <div class="form leave done" role="status">
      <span class="tick"><Icon path={CHECK} /></span>
      <h3>{say('leaveDone')}</h3>
      <p>{ui.left && say('leaveBy', ui.left)} {say('leaveLater')}</p>
      <button class="primary" onClick={() => { app.set({ panel: 'chat' }) }}>{say('backToChat')}</button>
    </div>
  )
}
