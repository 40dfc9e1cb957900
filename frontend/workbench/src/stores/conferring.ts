/** Consultations that run: those one has asked, is asked into, or supervises; and whether the panel is open. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { ConsultationRow } from '@/client/consultations'
import * as consultations from '@/client/consultations'
import { useSession } from './session'
import { useThread } from './thread'

export const useConferring = defineStore('conferring', () => {
  const all = ref(new Map<string, ConsultationRow>())
  const shownFor = ref<string | null>(null) // the ticket beside which the panel stands
  const latest = ref<ConsultationRow | null>(null) // what came last, also when it was closed
  const session = useSession()
  const thread = useThread()
  const shown = computed({
    get: () => thread.ticket !== null && shownFor.value === thread.ticket.id,
    set: (on) => (shownFor.value = on ? (thread.ticket?.id ?? null) : null),
  })
  const me = () => session.agent?.id
  const open = computed(() => [...all.value.values()].filter((row) => row.state === 'open'))
  const membership = (row: ConsultationRow) => row.members.find((m) => m.agent_id === me())
  const teams = computed(() => new Set(session.agent?.teams.map((team) => team.id) ?? []))
  /** Asked and not answered yet: by name, or as one of a team of which nobody has come. */
  const invites = computed(() =>
    open.value.filter((row) => {
      const own = membership(row)
      if (own) return own.state === 'invited'
      return row.asked_by !== me() && row.members.some((m) => !m.agent_id && m.state === 'invited' && teams.value.has(m.team_id ?? ''))
    }),
  )
  const mine = computed(() =>
    open.value.filter((row) => row.asked_by === me() || row.agent_id === me() || membership(row)?.state === 'joined'),
  )
  const byTicket = computed(() => new Map(open.value.map((row) => [row.ticket_id, row])))

  function put(row: ConsultationRow): void {
    const known = all.value.get(row.id)
    if (known && known.version > row.version) return
    all.value.set(row.id, row)
    latest.value = row
  }

  async function reload(): Promise<void> {
    all.value = new Map((await consultations.open(true)).map((row) => [row.id, row]))
  }

  const show = (ticket: string) => (shownFor.value = ticket)
  return { all, shown, shownFor, latest, open, invites, mine, byTicket, membership, put, reload, show }
})
