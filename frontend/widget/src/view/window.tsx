import { config, inService, set, surveyDue, toggle, ui } from '../app'
import { say } from '../look'
import { sendFiles } from '../uploads'
import { Actions } from './actions'
import { Composer } from './composer'
import { trapFocus } from './focus'
import { Header } from './header'
import { LeaveForm } from './leave'
import { Log } from './log'
import { Sign } from './parts'
import { Progress } from './progress'
import { PreChat, preChatDue } from './prechat'
import { Visits } from './visits'

const drag = (dragging: boolean) => (event: DragEvent) => {
  if (!event.dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  set({ dragging })
}

export function ChatWindow() {
  return (
    <section
      class="window"
      role="dialog"
      aria-label={config.name}
      tabindex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') escape(event.currentTarget)
        else trapFocus(event, event.currentTarget)
      }}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event)
        void sendFiles(event.dataTransfer?.files ?? [])
      }}
    >
      <Header />
      {ui.panel === 'chat' ? <Chat /> : ui.panel === 'progress' ? <Progress key="progress" /> : ui.panel === 'visits' ? <Visits key="visits" /> : <LeaveForm key={ui.panel} />}
      {ui.dragging && <div class="drop" key="drop">{say('drop')}</div>}
    </section>
  )
}

function Chat() {
  const asked = preChatDue()
  return [
    <Log key="log" />,
    ui.scrolledUp && <Sign key="latest" name="down" label={say('latest')} look="round latest"
      does={() => { set({ scrolledUp: false }) }} />,
    ui.problem && <p class="problem" role="alert" key="problem">
      {say(ui.problem, `${Math.round(config.file_limit / 1_048_576)} MB`)}
    </p>,
    asked && <PreChat key="form" />,
    <Actions key="actions" />,
    !asked && <Composer key="composer" />,
  ]
}

/** Escape closes what is on top: emoji, a question, a form, then the window; focus returns to the button. */
function escape(box: HTMLElement): void {
  if (ui.emoji) set({ emoji: false })
  else if (ui.askEnd) set({ askEnd: false })
  else if (ui.panel !== 'chat' && (inService() || surveyDue())) set({ panel: 'chat' })
  else {
    const launcher = box.parentElement?.querySelector<HTMLElement>('.launcher')
    toggle(false)
    launcher?.focus()
  }
}
