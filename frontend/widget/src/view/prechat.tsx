import type { FormField } from 'yizhan-sdk'
import { client, config, inService, set, ui } from '../app'
import { say } from '../look'

/** Asked once, before the first conversation, and only for what is not known. */
export const preChatDue = (): boolean =>
  !ui.profiled && !inService() && !client.waiting('profile') && missing().length > 0

const missing = () =>
  client.lines.length ? [] : config.pre_chat.fields.filter((field) => !client.profile[field.name])

export function PreChat() {
  return (
    <form class="form" onSubmit={(event) => {
      event.preventDefault()
      client.introduce(Object.fromEntries(new FormData(event.currentTarget)))
      set({ profiled: true })
    }}>
      <b>{config.pre_chat.title ?? say('formTitle')}</b>
      {missing().map(field)}
      <button class="primary">{say('start')}</button>
    </form>
  )
}

const field = ({ name, label, type, required, options }: FormField) => (
  <label>
    <span>{label}{required && ' *'}</span>
    {type === 'select' ? (
      <select class="field" name={name} required={required}>
        {options?.map((option) => <option>{option}</option>)}
      </select>
    ) : <input class="field" name={name} type={type} required={required} maxlength={200} />}
  </label>
)
