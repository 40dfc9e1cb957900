/** The first five minutes, for each role: a step is over when it was really done, seen by what the server accepted. */
import type { Course } from '@/client/guide'

export type Role = Course
export interface Call { method: string; path: string; body: Record<string, unknown> }

/** What is known so far. `done` is what the server keeps, the rest is what this screen sees just now.
 * `channels`: of one customer's thread, by conversations that began since the guide did; `written` while the network was gone. */
export interface Facts {
  online: boolean
  live: number
  opened: boolean
  channels: number
  written: readonly string[]
  done: readonly string[]
}
export const NOTHING: Facts = { online: false, live: 0, opened: false, channels: 0, written: [], done: [] }
const CHATS = 3

export interface Step {
  key: string
  /** Where it is done, when that is another page. */
  page?: string
  over: (facts: Facts) => boolean
}

const did = (key: string) => (facts: Facts) => facts.done.includes(key)
const WHY: Step = { key: 'why', over: did('why') }

export const STEPS: Record<Role, Step[]> = {
  agent: [
    { key: 'online', over: (facts) => facts.online && facts.live >= CHATS },
    { key: 'open', over: (facts) => facts.opened },
    { key: 'template', over: did('template') },
    { key: 'send', over: did('send') },
    { key: 'end', over: did('end') },
    { key: 'customer', over: (facts) => facts.channels > 1 },
    { key: 'offline', over: did('offline') },
    WHY,
  ],
  supervisor: [
    { key: 'monitor', page: 'monitor', over: did('monitor') },
    { ...WHY, page: 'monitor' },
    { key: 'whisper', over: did('whisper') },
    { key: 'simulate', page: 'simulation', over: did('simulate') },
  ],
  administrator: [
    { key: 'inbox', page: 'inboxes', over: did('inbox') },
    { key: 'be_customer', over: (facts) => facts.opened },
    { key: 'search', page: 'settings', over: did('search') },
    { key: 'release', page: 'config', over: did('release') },
  ],
}

const CALLS: [key: string, method: string, path: RegExp][] = [
  ['why', 'GET', /^\/work\/[^/]+\/[^/]+\/why/],
  ['send', 'POST', /^\/conversations\/[^/]+\/messages$/],
  ['end', 'POST', /^\/conversations\/[^/]+\/end$/],
  ['whisper', 'POST', /^\/conversations\/[^/]+\/whisper$/],
  ['monitor', 'GET', /^\/monitor(\?|$)/],
  ['simulate', 'POST', /^\/simulations$/],
  ['inbox', 'GET', /^\/inboxes\/[^/?]+$/],
  ['release', 'POST', /^\/config\/releases$/],
]

/** After a call that was accepted. What was written while the network was gone is done once it has arrived. */
export function after(facts: Facts, call: Call): Facts {
  const done = new Set(facts.done)
  for (const [key, method, path] of CALLS) if (call.method === method && path.test(call.path)) done.add(key)
  const said = call.method === 'POST' && /\/messages$/.test(call.path)
  if (said && call.body['quick_reply']) done.add('template')
  if (said && facts.written.includes(String(call.body['client_id']))) done.add('offline')
  return { ...facts, done: [...done] }
}

/** `key` is that of his role: who supervises may change rules too, and has other things to see first. */
export const roleOf = (key: string, may: (permission: string) => boolean): Role =>
  key === 'admin' ? 'administrator' : may('supervise') ? 'supervisor' : 'agent'

const SKIPPED = 'skipped_'
export const skipping = (step: Step) => SKIPPED + step.key

/** Once done stays done, whatever is on the screen afterwards. */
const over = (step: Step, facts: Facts) => facts.done.includes(step.key) || step.over(facts)
/** Steps that are over by now, for the server to keep. */
export const reached = (role: Role, facts: Facts): string[] => STEPS[role].filter((step) => over(step, facts)).map((step) => step.key)
/** The first that is neither over nor skipped: what is asked for now. Null when none is left. */
export const current = (role: Role, facts: Facts): Step | null =>
  STEPS[role].find((step) => !over(step, facts) && !facts.done.includes(skipping(step))) ?? null
/** How many were really done: what was skipped is not. */
export const finished = (role: Role, facts: Facts): number => reached(role, facts).length
