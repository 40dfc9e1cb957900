/** What this browser may be asked for, and when: never on the first sight, never again after a no. */
import { readKept, writeKept } from '@/composables/kept'

export type Asking = 'desktop' | 'install' | 'install_ios'

export interface Moment {
  /** He works: only then does being told on the desktop mean anything. */
  serving: boolean
  permission: NotificationPermission | 'none'
  wanted: boolean
  /** The browser offers to install. */
  offered: boolean
  ios: boolean
  installed: boolean
  days: number
  refused: Asking[]
}

/** An install is offered from the second day on: who comes back may like to have it nearer. */
export function whatToAsk(moment: Moment): Asking | null {
  const open = (asking: Asking) => !moment.refused.includes(asking)
  if (moment.serving && moment.wanted && moment.permission === 'default' && open('desktop')) return 'desktop'
  if (moment.installed || moment.days < 2) return null
  if (moment.offered && open('install')) return 'install'
  return moment.ios && open('install_ios') ? 'install_ios' : null
}

export const refusals = () => readKept<Asking[]>('refused', [])
export const refuse = (asking: Asking) => writeKept('refused', [...new Set([...refusals(), asking])])

/** On how many days this browser has seen the workbench, today included. */
export function daysSeen(today: string): number {
  const seen = new Set([...readKept<string[]>('days', []), today])
  writeKept('days', [...seen].slice(-2))
  return seen.size
}
