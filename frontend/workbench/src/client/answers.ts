/** What was read of one's own work is kept on this device, and read again from there while the server is out of reach. */
import { shallowReactive } from 'vue'
import { serverNow } from '@/composables/now'
import * as device from '@/device/device'
import type { Thread } from './types'

const ID = '[0-9a-f-]{36}'
const THREAD = new RegExp(`^/(tickets|conversations)/${ID}$`)
const CUSTOMER = new RegExp(`^/contacts/(${ID})$`)
const LISTS = /^\/(reference|conversations\/mine|tickets\/counts|tickets\?view=mine&limit=\d+)$/

/** What stands on the screen from this device, by path, and how old it is. */
export const asOf = shallowReactive(new Map<string, number>())
/** Customers of one's own work: nobody else's are kept. */
const own = new Set<string>()

const isOwn = (agent: string | null | undefined) => Boolean(agent) && agent === device.currentOwner()

export const isOwnWork = ({ ticket, conversations }: Pick<Thread, 'ticket' | 'conversations'>) => isOwn(ticket?.agent_id) || conversations.some((each) => isOwn(each.conversation.agent_id))

function worthKeeping(path: string, said: unknown): boolean {
  if (LISTS.test(path)) return true
  const customer = CUSTOMER.exec(path)?.[1]
  if (customer) return own.has(customer)
  if (!THREAD.test(path)) return false
  const { ticket, conversations } = said as Thread
  const mine = isOwnWork(said as Thread)
  if (mine) [ticket?.contact_id, ...conversations.map((each) => each.conversation.contact_id)].forEach((id) => id && own.add(id))
  return mine
}

export const canBeKept = (path: string) => LISTS.test(path) || CUSTOMER.test(path) || THREAD.test(path)

export function keepAnswer(path: string, said: unknown): void {
  asOf.delete(path)
  if (canBeKept(path) && worthKeeping(path, said)) void device.write([{ shelf: 'answers', id: path, value: said }], serverNow()).catch(() => undefined)
}

export async function keptAnswer<T>(path: string): Promise<device.Kept<T> | null> {
  if (!canBeKept(path)) return null
  const kept = await device.read<T>('answers', path)
  if (kept) asOf.set(path, kept.at)
  return kept
}

/** One may not see it any more, or it is gone: nor is it read here. */
export function dropAnswer(path: string): void {
  const of = THREAD.exec(path) ? path.split('/')[2] : undefined
  if (canBeKept(path)) void device.write([{ shelf: 'answers', id: path }]).catch(() => undefined)
  if (of) void import('@/device/pictures').then(({ keepOnly }) => keepOnly((each) => each !== of)).catch(() => undefined)
}

export function forgetAnswers(): void {
  asOf.clear()
  own.clear()
}
