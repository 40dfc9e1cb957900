import type { Config, FormField } from 'yizhan-sdk'
import { inService, type App } from '../app'

/** Asked once, before the first conversation, and only for what is not known. */
export function preChatDue(app: App, config: Config): boolean {
  return !app.ui.profiled && !inService(app) && !app.client.waiting('profile') && missing(app, config).length > 0
}

const missing = ({ client }: App, config: Config) =>
  client.lines.length ? [] : config.pre_chat.fields.filter((field) => !client.profile[field.name])

export function PreChat({ app, config }: { app: App; config: Config }) {
  const { say } = app
  return (
    <form class="form" onSubmit={(event) => {
      event.preventDefault()
      const values = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>
      const { name, email, phone, ...fields } = values
      app.client.dispatch({ t: 'profile', name, email, phone, fields })
      app.set({ profiled: true })
    }}>
      <b>{config.pre_chat.title ?? say('formTitle')}</b>
      {missing(app, config).map((field) => <Field key={field.name} field={field} />)}
      <button class="primary">{say('start')}</button>
    </form>
  )
}

function Field({ field: { name, label, type, required, options } }: { field: FormField }) {
  return (
    <label>
      <span>{label}{required && ' *'}</span>
      {type === 'select' ? (
        <select class="field" name={name} required={required}>
          {options?.map((option) => <option key={option}>{option}</option>)}
        </select>
      ) : (
        <input class="field" name={name} type={type} required={required} maxLength={200} list={undefined} />
      )}
    </label>
  )
}
