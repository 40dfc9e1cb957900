/** What got better and what got worse, the most important first; the rest stayed as it was. */
import type { Findings, Promised } from '@/client/simulations'

export interface Change {
  what: string
  priority?: number
  before: number
  after: number
  unit: 'seconds' | 'count' | 'share' | 'gini'
}

export interface Verdict {
  better: Change[]
  worse: Change[]
}

export const PRIORITIES = [4, 3, 2, 1]
const [SECONDS, SHARE, GINI] = [1, 0.002, 0.005]

export function verdict(before: Findings, after: Findings): Verdict {
  const told: Verdict = { better: [], worse: [] }
  const tell = (change: Change, least: number, moreIsBetter = false) => {
    const by = change.after - change.before
    if (Math.abs(by) >= least) told[by > 0 === moreIsBetter ? 'better' : 'worse'].push(change)
  }
  for (const priority of PRIORITIES) {
    const [was, now] = [before.waits[priority], after.waits[priority]]
    if (was && now) tell({ what: 'wait', priority, before: was.p95, after: now.p95, unit: 'seconds' }, Math.max(SECONDS, was.p95 * 0.02))
  }
  for (const kind of kindsOf(before, after)) {
    tell({ what: `late_${kind}`, before: lateOf(before, kind), after: lateOf(after, kind), unit: 'count' }, 1)
  }
  tell({ what: 'moved', before: before.moved, after: after.moved, unit: 'count' }, 1)
  tell({ what: 'left', before: before.left, after: after.left, unit: 'count' }, 1)
  tell({ what: 'unserved', before: before.unserved, after: after.unserved, unit: 'count' }, 1)
  tell({ what: 'matched', before: before.matched, after: after.matched, unit: 'share' }, SHARE, true)
  tell({ what: 'gini', before: before.gini, after: after.gini, unit: 'gini' }, GINI)
  return told
}

export const kindsOf = (...all: Findings[]): string[] => [...new Set(all.flatMap((each) => each.by_priority.map((row) => row.kind)))].sort()
export const lateOf = (of: Findings, kind: string): number =>
  of.by_priority.reduce((sum, row) => sum + (row.kind === kind ? row.late : 0), 0)

export interface PromiseRow {
  kind: string
  key: string
  before: Promised | undefined
  after: Promised | undefined
}

/** One row for each promise of either side; the most urgent first, types as they come. */
export function promiseRows(before: Promised[], after: Promised[]): PromiseRow[] {
  const among = (all: Promised[], of: Promised) => all.find((each) => each.kind === of.kind && each.key === of.key)
  const fresh = after.filter((each) => !among(before, each))
  const rows = [...before, ...fresh].map((each) => ({ kind: each.kind, key: each.key, before: among(before, each), after: among(after, each) }))
  return rows.sort((a, b) => a.kind.localeCompare(b.kind) || b.key.localeCompare(a.key))
}
