/** What a refusal means for what was written: later, never, or only after its writer has looked. */
import { Problem } from '@/client/http'
import { steadyNow } from '@/composables/now'
import { sentenceOf } from '@/composables/problems'
import type { Waiting } from './outbox'

type Verdict = { arrived: boolean; change: Partial<Waiting> }

const RETRY_MS = 3000
const SIGNED_OUT_MS = 60_000
const ASKS = new Set(['answered_meanwhile', 'moved_meanwhile'])

export function judge(problem: unknown): Verdict {
  const later = (ms: number): Verdict => ({ arrived: false, change: { state: 'waiting', due: steadyNow() + ms, tried: true } })
  if (!(problem instanceof Problem)) return { arrived: false, change: { state: 'refused', error: sentenceOf(problem) } }
  if (problem.offline) return later(RETRY_MS)
  if (problem.status === 401) return later(SIGNED_OUT_MS) // it goes after the next sign-in
  if (problem.status === 429) return later((problem.retryAfter ?? 1) * 1000)
  if (problem.code === 'idempotency_key_reused') return { arrived: true, change: {} }
  if (ASKS.has(problem.code)) return { arrived: false, change: { state: 'asked', tried: false } }
  return { arrived: false, change: { state: 'refused', error: sentenceOf(problem), tried: false } }
}
