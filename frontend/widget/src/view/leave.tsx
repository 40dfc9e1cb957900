import { client, config, isAway, ports, set, ui } from '../app'
import { say } from '../look'
import { Icon } from './parts'

const PHONE = /^\+?[\d\s-]{7,18}$/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** One form, one message for later, however often it is submitted. */
let formId = ''

/** 留言 and 回电: one reachable address, and when the answer comes. */
export function LeaveForm() {
  const call = ui.panel === 'callback'
  if (ui.left !== null) return <LeaveDone />
  const { phone, email } = client.profile
  const by = isAway() && (config.reply_by ?? config.opens)
  return (
    <form class="form leave" novalidate tabindex={-1} key={ui.panel} onSubmit={(event) => {
      event.preventDefault()
      void submit(call, new FormData(event.currentTarget))
    }}>
      <h3>{say(call ? 'callTitle' : 'leaveTitle')}</h3>
      <p>{by ? say('leaveBy', by) : say('leaveHint')}</p>
      <label>
        <span>{say('question')}{!call && ' *'}</span>
        <textarea class="field" name="text" rows={5} maxlength={2000} />
      </label>
      <label>
        <span>{say(call ? 'phone' : 'contact')} *</span>
        <input class="field" name="contact" type={call ? 'tel' : 'text'} defaultValue={phone ?? (call ? '' : email) ?? ''}
          maxlength={200} autocomplete={call ? 'tel' : 'email'} />
      </label>
      {ui.problem && <p class="problem" role="alert" key="problem">{say(ui.problem)}</p>}
      <button class="primary" key="submit">{say('submit')}</button>
    </form>
  )
}

async function submit(call: boolean, values: FormData): Promise<void> {
  const text = String(values.get('text')).trim()
  const contact = String(values.get('contact')).trim()
  const reachable = PHONE.test(contact) || (!call && EMAIL.test(contact))
  set({ problem: !call && !text ? 'required' : reachable ? null : 'badContact' })
  if (ui.problem) return
  try {
    const { reply_by } = await client.leave(text, contact, '', call, (formId ||= ports.newId()))
    formId = ''
    set({ left: reply_by ?? '' })
  } catch {
    set({ problem: 'retryLater' })
  }
}

function LeaveDone() {
  return (
    <div class="form leave done" role="status" key="done">
      <span class="tick"><Icon name="check" /></span>
      <h3>{say('leaveDone')}</h3>
      <p>{ui.left && say('leaveBy', ui.left)} {say('leaveLater')}</p>
      <button class="primary" onClick={() => { set({ panel: 'chat' }) }}>{say('backToChat')}</button>
    </div>
  )
}
