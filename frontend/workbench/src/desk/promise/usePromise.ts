/** What one does with a promise: 已兑现, or taken back with a reason. */
import { useI18n } from 'vue-i18n'
import type { PromiseRow } from '@/client/promises'
import * as promises from '@/client/promises'
import { attempt, say } from '@/composables/toast'
import { usePromised } from '@/stores/promised'

export function usePromiseActions(after: () => void = () => undefined) {
  const { t } = useI18n()
  const promised = usePromised()

  async function keep(row: PromiseRow): Promise<void> {
    const done = await attempt(async () => promised.put(await promises.keep(row.id)))
    if (!done) return
    say(t('promise.kept_done'))
    after()
  }

  async function withdraw(row: PromiseRow): Promise<void> {
    const { ask } = await import('./ask')
    const asked = await ask(row.text, t('promise.withdraw'), {
      inputPlaceholder: t('promise.why'), inputPattern: /\S/, inputErrorMessage: t('promise.why'),
      confirmButtonText: t('promise.withdraw'), cancelButtonText: t('cancel'),
    }).catch(() => null)
    if (asked && (await attempt(async () => promised.put(await promises.withdraw(row.id, asked.value))))) after()
  }

  return { keep, withdraw }
}
