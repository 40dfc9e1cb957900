/** What follows when a macro was done, and what is said when it was not. */
import { Problem } from '@/client/http'
import { sentenceOf } from '@/composables/problems'
import { say } from '@/composables/toast'
import { i18n, learn } from '@/i18n'
import { useConversations } from '@/stores/conversations'
import type { Waiting } from '@/stores/outbox'
import { useThreads } from '@/stores/thread'

export async function applied(waiting: Waiting): Promise<void> {
  const conversations = useConversations()
  await learn('macros').catch(() => undefined)
  say(i18n.global.t('macros.done', { name: waiting.macro?.name ?? '' }))
  if (waiting.macro?.ends) conversations.rows.gone(waiting.conversation_id)
  const threads = useThreads().holding(waiting.conversation_id)
  await Promise.allSettled([...threads.map((thread) => thread.reload()), conversations.reload()])
}

/** Which step, and why; nothing was done. */
export function refusalOf(problem: unknown): string {
  const step = problem instanceof Problem ? /^steps\.(\w+)$/.exec(problem.field ?? '')?.[1] : undefined
  if (!step || !(problem instanceof Problem)) return sentenceOf(problem)
  const plain = new Problem(problem.status, problem.code, problem.detail.slice(step.length + 2), undefined, problem.retryAfter, problem.zh?.replace(/^[^:]*:/, ''))
  const { t } = i18n.global
  return t('macros.refused', { step: t(`macros.step_${step}`), why: sentenceOf(plain) })
}
