/** The places somebody may go to, in the order of the rail. */
import { computed } from 'vue'
import { useSession } from '@/stores/session'

const CHANGES = ['tag.manage', 'inbox.manage', 'agent.manage', 'config.manage', 'api.token', 'supervise']

export type DoorName =
  | 'desk' | 'customers' | 'visitors' | 'promises' | 'roster' | 'ratings' | 'replies' | 'complaints' | 'review' | 'counter' | 'monitor' | 'settings'

export function useDoors() {
  const session = useSession()
  const given: Record<DoorName, () => boolean> = {
    desk: () => true,
    customers: () => session.may('customer.read'),
    visitors: () => true,
    promises: () => true,
    roster: () => true,
    ratings: () => true,
    replies: () => session.may('message.reply'),
    complaints: () => session.may('complaint.manage'),
    review: () => session.may('words.approve') || session.may('customer.merge'),
    counter: () => session.may('counter.serve'),
    monitor: () => session.may('supervise'),
    settings: () => CHANGES.some(session.may),
  }
  return computed(() => (Object.keys(given) as DoorName[]).filter((name) => given[name]()))
}
