/** What can be done with the thread on the screen, and which two of it deserve a button. */
import { computed } from 'vue'
import { useRouter } from 'vue-router'
import * as desk from '@/client/desk'
import * as ratings from '@/client/ratings'
import { i18n } from '@/i18n'
import { attempt, say } from '@/composables/toast'
import type { DeedName } from '@/deeds/table'
import { useConferring } from '@/stores/conferring'
import { useConversations } from '@/stores/conversations'
import { useDialogs } from '@/stores/dialogs'
import { usePanes } from '@/stores/panes'
import { useSession } from '@/stores/session'
import { useThread } from '@/stores/thread'

export interface Action {
  name: DeedName
  run: () => void
  primary?: boolean
  danger?: boolean
}

const ASKS = new Set(['webchat', 'email'])

export function useActions() {
  const thread = useThread()
  const session = useSession()
  const dialogs = useDialogs()
  const router = useRouter()
  const conversations = useConversations()
  const conferring = useConferring()
  const panes = usePanes()

  const may = (permission: string) => session.may(permission)
  const status = computed(() => thread.ticket?.status ?? null)
  /** A conversation is its agent's; a supervisor may step in. */
  const serving = computed(
    () => thread.running?.phase === 'served' && (thread.running.agent_id === session.agent?.id || may('supervise')),
  )
  const queued = computed(() => thread.running?.phase === 'queued')

  async function pull(): Promise<void> {
    const [running, ticket] = [thread.running, thread.ticket]
    const work = running ? () => desk.pull(running.id) : ticket ? () => desk.pullTicket(ticket.id) : null
    if (!work || !(await attempt(work))) return
    await Promise.all([thread.reload(), conversations.reload()])
  }

  async function askLead(): Promise<void> {
    const { raise } = await import('../consult/raising')
    if (!(await attempt(() => raise(thread)))) return
    say(i18n.global.t('thread.raised'))
    if (thread.ticket) conferring.show(thread.ticket.id)
  }

  async function unjoin(): Promise<void> {
    const ticket = thread.ticket
    if (!ticket || !(await attempt(() => desk.unjoin(ticket.id)))) return
    await router.push({ name: 'desk', params: { kind: 't', id: ticket.id } })
    await thread.reload()
  }

  /** 邀评: whether the customer is asked or spared is not for the agent to see. */
  async function inviteRating(): Promise<void> {
    const c = thread.current ?? thread.conversations.at(-1)
    if (c && (await attempt(() => ratings.invite(c.id)))) say(i18n.global.t('thread.invited_rating'))
  }

  const invitable = computed(() => {
    const c = thread.current ?? thread.conversations.at(-1)
    return !!c && ASKS.has(c.channel) && (c.phase === 'served' || c.phase === 'ended') && !c.rating
  })

  const open = (name: Parameters<typeof dialogs.open>[0]) => () => dialogs.open(name)

  const main = computed<Action[]>(() => {
    const actions: Action[] = []
    const free = thread.ticket && !thread.ticket.agent_id && !thread.running
    if ((queued.value || free) && may('message.reply')) actions.push({ name: 'pull', run: () => void pull(), primary: true })
    if (serving.value && may('message.reply')) {
      if (thread.ticket && may('ticket.write')) actions.push({ name: 'raise', run: () => void askLead() })
      actions.push({ name: 'transfer', run: open('transfer') }, { name: 'end', run: open('summary'), primary: true })
    } else if (thread.ticket && thread.running?.phase !== 'served' && may('ticket.write')) {
      if (status.value === 'new' || status.value === 'open' || status.value === 'pending') actions.push({ name: 'assign', run: open('assign') })
      if (status.value === 'open') actions.push({ name: 'submit', run: open('solve'), primary: true })
      if (status.value === 'pending') actions.push({ name: 'confirm', run: open('confirm'), primary: true })
      if (status.value === 'done' || status.value === 'cancelled') actions.push({ name: 'reopen', run: open('reopen'), primary: true })
    }
    return actions
  })

  const more = computed<Action[]>(() => {
    const actions: Action[] = []
    const ticket = thread.ticket
    const writes = may('ticket.write') && ticket
    // What has no room above is the first here.
    if (panes.compact) actions.push(...main.value.filter((action) => !action.primary))
    if (serving.value && may('message.reply')) actions.push({ name: 'put_back', run: open('put_back') })
    if (writes && !ticket.merged_into) actions.push({ name: 'macro', run: open('macro') })
    if (writes) {
      if (status.value !== 'done' && status.value !== 'cancelled' && !actions.some(({ name }) => name === 'assign')) actions.push({ name: 'assign', run: open('assign') })
      if (serving.value && status.value === 'open') actions.push({ name: 'submit', run: open('solve') })
      if (status.value === 'pending') actions.push({ name: 'start', run: open('start') })
      if (status.value === 'new' || status.value === 'open') actions.push({ name: 'wait', run: open('wait') })
      if (ticket.waiting_reason) actions.push({ name: 'go_on', run: open('go_on') })
      if (status.value !== 'done' && status.value !== 'cancelled') actions.push({ name: 'chase', run: open('chase') })
      actions.push({ name: 'change', run: open('change') }, { name: 'split', run: () => (thread.selecting = true) })
      if (!ticket.merged_into && !ticket.parent_id && status.value !== 'done' && status.value !== 'cancelled') actions.push({ name: 'merge', run: open('merge') })
      if (ticket.merged_into) actions.push({ name: 'unjoin', run: () => void unjoin() })
    }
    if (invitable.value && may('message.reply')) actions.push({ name: 'invite_rating', run: () => void inviteRating() })
    if (ticket) actions.push({ name: 'complaint', run: open('complaint') })
    if (writes && status.value !== 'done' && status.value !== 'cancelled') {
      actions.push({ name: 'consult', run: () => conferring.show(ticket.id) }, { name: 'promise', run: open('promise') })
    }
    if ((thread.running ?? thread.current) && may('message.reply')) actions.push({ name: 'appointment', run: open('appointment') })
    if (ticket) actions.push({ name: 'around', run: open('around') }, { name: 'trace', run: open('trace') })
    actions.push({ name: 'find', run: () => thread.finding++ })
    if (ticket?.due) actions.push({ name: 'due', run: open('due') })
    actions.push({ name: thread.running?.phase === 'queued' || status.value === 'new' ? 'why' : 'why_done', run: open('why') })
    if (writes && status.value !== 'done' && status.value !== 'cancelled')
      actions.push({ name: 'cancel', run: open('cancel'), danger: true })
    return actions
  })

  return { main, more }
}
