import type { Ticket } from 'yizhan-sdk'
import { client, locale, set, ui } from '../app'
import { say } from '../look'

/** 查进度: where my own tickets are, and 催单. */
export function Progress() {
  const { tickets } = ui
  return (
    <div class="form leave" tabindex={-1} key="progress">
      <h3>{say('progress')}</h3>
      {tickets && !tickets.length && <p key="none">{say('noTickets')}</p>}
      {(tickets ?? []).map((each) => <One ticket={each} key={String(each.number)} />)}
      {ui.problem && <p class="problem" role="alert" key="problem">{say(ui.problem)}</p>}
      <button class="primary" key="back" onClick={() => { set({ panel: 'chat', problem: null }) }}>{say('backToChat')}</button>
    </div>
  )
}

function One({ ticket }: { ticket: Ticket }) {
  const over = ticket.status === 'done'
  return (
    <div class="ticket">
      <b>#{`${ticket.number} ${ticket.subject}`}</b>
      <span>{[{ step: 'created', at: ticket.created_at }, ...ticket.steps].map((each) => `${say(`step_${each.step}` as 'step_done')} ${when(each.at)}`).join(' → ')}</span>
      {!over && <button class="chip" onClick={() => void chase(ticket.number)}>{say('chase')}{ticket.chases ? ` ${ticket.chases}` : ''}</button>}
    </div>
  )
}

const when = (at: string) => new Date(at).toLocaleString(locale, { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })

export async function progress(): Promise<void> {
  set({ panel: 'progress', tickets: null, problem: null })
  await show(client.progress())
}

const chase = (number: number) => show(client.progress(number))

async function show(asked: Promise<{ items: Ticket[] }>): Promise<void> {
  try {
    set({ tickets: (await asked).items, problem: null })
  } catch (refused) {
    set({ tickets: ui.tickets ?? [], problem: (refused as { status?: number }).status === 409 ? 'chased' : 'reconnecting' })
  }
}
