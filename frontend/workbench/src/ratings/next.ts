/** What would help most now: customers first, then one's word, then what is further from usual than anything else. */
import type { Card } from './figures'

export type Next =
  | { what: 'waiting'; n: number; id: string }
  | { what: 'promises'; n: number }
  | { what: 'handover'; n: number }
  | { what: 'slower' | 'lower' | 'more'; name: string; figure: string }

export interface Now { waiting: string[]; promises: number; handover: number }

const NOTABLE = 0.15
const MOST = 2

/** By how much it is on the wrong side of what is usual, or of what it was before where nothing is usual. */
export function behindBy(card: Card): number {
  const other = card.usual ?? card.before
  if (card.better === 0 || card.value === null || other === null) return 0
  if (!other) return card.better < 0 && card.value > 0 ? 1 : 0
  return ((other - card.value) / other) * card.better
}

const WORD = { seconds: 'slower', share: 'lower', stars: 'lower', count: 'lower' } as const

export function nextSteps(now: Now | null, cards: Card[]): Next[] {
  const found: Next[] = []
  if (now?.waiting[0]) found.push({ what: 'waiting', n: now.waiting.length, id: now.waiting[0] })
  if (now?.promises) found.push({ what: 'promises', n: now.promises })
  if (now?.handover) found.push({ what: 'handover', n: now.handover })
  const far = cards.filter((card) => card.figure && behindBy(card) >= NOTABLE).sort((a, b) => behindBy(b) - behindBy(a))
  for (const card of far.slice(0, MOST)) found.push({ what: card.better < 0 && card.unit === 'share' ? 'more' : WORD[card.unit], name: card.name, figure: card.figure ?? '' })
  return found
}
