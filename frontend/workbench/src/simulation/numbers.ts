/** The few numbers people turn most: read out of the documents in force, and written back into them. */
import type { Body, ConfigDocument } from '@/client/admin'
import type { OtherRules } from '@/client/simulations'

export const ROUTING = ['live_cap', 'skill_wait_s', 'skill_should_s', 'senior_from', 'sticky_days', 'move_s'] as const
export const PROMISES = ['first_response', 'resolution'] as const
export const URGENCIES = ['urgent', 'high', 'medium', 'low'] as const
/** These may be left empty: no such limit, never. */
export const MAY_BE_EMPTY: readonly string[] = ['live_cap', 'skill_should_s', 'senior_from', 'sticky_days', 'move_s']

export interface Numbers {
  routing: Record<string, number | null>
  promises: Record<string, number | null>
}

type Targets = Record<string, Record<string, { minutes: number; clock?: string } | null>>

const bodyOf = (all: ConfigDocument[], kind: string): Body => (all.find((each) => each.kind === kind && each.name === 'default')?.body as Body | null) ?? {}
export const promiseKey = (urgency: string, promise: string) => `${urgency}.${promise}`

export function numbersOf(all: ConfigDocument[]): Numbers {
  const routing = bodyOf(all, 'routing')
  const targets = (bodyOf(all, 'sla_policy')['targets'] ?? {}) as Targets
  return {
    routing: Object.fromEntries(ROUTING.map((name) => [name, (routing[name] as number | null | undefined) ?? null])),
    promises: Object.fromEntries(
      URGENCIES.flatMap((urgency) =>
        PROMISES.map((promise) => [promiseKey(urgency, promise), (targets[urgency] ?? targets['any'])?.[promise]?.minutes ?? null]),
      ),
    ),
  }
}

/** Only documents in which a number differs. */
export function documentsOf(all: ConfigDocument[], wanted: Numbers): NonNullable<OtherRules['documents']> {
  const known = numbersOf(all)
  const changed = (part: keyof Numbers) => Object.keys(wanted[part]).filter((name) => wanted[part][name] !== known[part][name])
  const documents: NonNullable<OtherRules['documents']> = []
  const turned = changed('routing')
  if (turned.length) {
    const said = Object.fromEntries(turned.map((name) => [name, wanted.routing[name]]))
    documents.push({ kind: 'routing', name: 'default', body: { ...bodyOf(all, 'routing'), ...said } })
  }
  const promised = changed('promises')
  if (promised.length) documents.push({ kind: 'sla_policy', name: 'default', body: withPromises(bodyOf(all, 'sla_policy'), promised, wanted.promises) })
  return documents
}

function withPromises(body: Body, changed: string[], wanted: Numbers['promises']): Body {
  const targets = structuredClone((body['targets'] ?? {}) as Targets)
  for (const key of changed) {
    const [urgency = '', promise = ''] = key.split('.')
    const minutes = wanted[key]
    const row = (targets[urgency] ??= structuredClone(targets['any'] ?? {}))
    row[promise] = minutes === null || minutes === undefined ? null : { ...row[promise], minutes }
  }
  return { ...body, targets }
}
