import type { Appointment, MemberCode } from 'yizhan-sdk'
import { client, locale, set, ui } from '../app'
import { say } from '../look'
import { Chip } from './parts'

type Shown = { items: Appointment[] }

/** 会员码·预约: what is shown at a counter, and when one comes there. */
export function Visits() {
  const { code, moving } = ui
  return (
    <div class="form leave" tabindex={-1} key="visits">
      {code && (
        <div class="code">
          <svg viewBox="0 0 29 29" role="img" aria-label={say('visits')}><path d={code.path} /></svg>
          <b>{code.digits.replace(/(\d{4})(\d{3})/, '$1 $2 ')}</b>
          <span>{say(code.signed_in ? 'codeProves' : 'codeShows', when(code.expires_at))}</span>
          <Chip text={say('codeNew')} does={visits} />
        </div>
      )}
      {ui.visits.map(({ id, open, ...each }) => (
        <div class="ticket" key={id}>
          <b>{`${when(each.starts_at)} ${each.shop}`}</b>
          <span>{[say(`visit_${each.state}` as 'visit_booked'), each.purpose, each.address].join(' · ')}</span>
          {open && <div><Chip text={say('move')} does={() => { set({ moving: id, times: [] }) }} /> <Chip text={say('cancelVisit')} does={() => void change(id, '/cancel')} /></div>}
          {moving === id && <input type="date" aria-label={say('move')} onChange={(event) => void look(id, event.currentTarget.value)} />}
          {moving === id && <div>{ui.times.map((at) => <Chip text={when(at)} does={() => void change(id, '/move', at)} />)}</div>}
        </div>
      ))}
      {ui.problem && <p class="problem" role="alert" key="problem">{say(ui.problem)}</p>}
    </div>
  )
}

const when = (at: string) => new Date(at).toLocaleString(locale, { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })

export function visits(): void {
  set({ panel: 'visits', code: null, moving: '', problem: null })
  void tried('codeNone', async () => { set({ code: await client.visits<MemberCode>('/member-code', '') }) })
  void tried('codeNone', async () => { set({ visits: (await client.visits<Shown>('/appointments')).items }) })
}

const look = (id: string, day: string) => tried('noTimes', async () => {
  const { items } = await client.visits<{ items: { at: string }[] }>(`/appointments/${id}/slots?date=${day}`)
  set({ times: items.map((each) => each.at), problem: items.length ? null : 'noTimes' })
})

const change = (id: string, verb: string, at?: string) => tried('noTimes', async () => {
  const { items } = await client.visits<Shown>(`/appointments/${id}${verb}`, at ? JSON.stringify({ starts_at: at }) : '')
  set({ visits: items, moving: '', problem: null })
})

async function tried(problem: 'codeNone' | 'noTimes', work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch {
    set({ problem })
  }
}
