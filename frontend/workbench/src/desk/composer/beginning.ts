/** @ in a note: whom it begins to name. */
import { fits, sound, type Sounds } from '@/composables/sounding'
import type { Asked, Named } from './mentioning'

const ASKED = /(?:^|[^\w.+-])@([^\s@]{0,20})$/

/** What stands between the @ and the caret; an address of mail asks for nobody. */
export function askedAt(text: string, caret: number): Asked | null {
  const found = ASKED.exec(text.slice(0, caret))
  return found ? { query: found[1] ?? '', from: caret - (found[1]?.length ?? 0) - 1, to: caret } : null
}

/** Who it may mean, the best first, by name, sound or initials. */
export function whom<T extends Named>(agents: T[], query: string, sounds: Sounds, most: number): T[] {
  return agents
    .map((agent) => ({ agent, rank: fits(query, sound(agent.name, sounds)) }))
    .filter((each) => each.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, most)
    .map((each) => each.agent)
}
