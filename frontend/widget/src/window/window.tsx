import type { Config } from 'yizhan-sdk'
import { inService, surveyDue, type App } from '../app'
import { DOWN, Icon } from '../icon'
import { sendFiles } from './uploads'
import { Actions } from './actions'
import { Composer } from './composer'
import { Header } from './header'
import { LeaveForm } from './leave'
import { Log } from './log'
import { PreChat, preChatDue } from './prechat'
import { focusOnce, trapFocus } from './trap'

const carriesFiles = (event: DragEvent) => !!event.dataTransfer?.types.includes('Files')

export function ChatWindow({ app, config }: { app: App; config: Config }) {
  const { ui, say } = app
  const drag = (dragging: boolean) => (event: DragEvent) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    app.set({ dragging })
  }
  return (
    <section
      class="window"
      role="dialog"
      aria-label={config.name}
      tabIndex={-1}
      ref={focusOnce}
      onKeyDown={(event) => {
        if (event.key === 'Escape') escape(app, event.currentTarget)
        else trapFocus(event, event.currentTarget)
      }}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event)
        void sendFiles(app, event.dataTransfer?.files ?? [])
      }}
    >
      <Header app={app} config={config} />
      {ui.panel === 'chat' ? <Chat app={app} config={config} /> : <LeaveForm app={app} config={config} key={ui.panel} />}
      {ui.dragging && <div class="drop">{say('drop')}</div>}
    </section>
  )
}

function Chat({ app, config }: { app: App; config: Config }) {
  const asked = preChatDue(app, config)
  return (
    <>
      <Log app={app} config={config} />
      {app.ui.scrolledUp && (
        <button class="round latest" aria-label={app.say('latest')} title={app.say('latest')}
          onClick={() => { app.set({ scrolledUp: false }) }}>
          <Icon path={DOWN} />
        </button>
      )}
      {app.ui.problem && <p class="problem" role="alert">{problemText(app, config)}</p>}
      {asked ? <PreChat app={app} config={config} /> : null}
      <Actions app={app} config={config} />
      {!asked && <Composer app={app} />}
    </>
  )
}

function problemText({ ui, say }: App, config: Config): string {
  return ui.problem ? say(ui.problem, `${Math.round(config.file_limit / 1_048_576)} MB`) : ''
}

/** Escape closes what is on top: emoji, a question, a form, then the window; focus returns to the button. */
function escape(app: App, box: HTMLElement): void {
  const { ui } = app
  if (ui.emoji) app.set({ emoji: false })
  else if (ui.askEnd) app.set({ askEnd: false })
  else if (ui.panel !== 'chat' && (inService(app) || surveyDue(app))) app.set({ panel: 'chat' })
  else {
    const launcher = box.parentElement?.querySelector<HTMLElement>('.launcher')
    app.toggle(false)
    launcher?.focus()
  }
}
