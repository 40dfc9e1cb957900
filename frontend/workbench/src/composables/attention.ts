/** The tab's title and the desktop: "(2) 王晓燕:怎么还没…". */
import { computed, watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { useAlerts } from '@/stores/alerts'
import { useConversations } from '@/stores/conversations'

const PREVIEW = 12

export function titleOf(unread: number, name: string, preview: string, product: string): string {
  if (!unread) return product
  const words = preview.length > PREVIEW ? `${preview.slice(0, PREVIEW)}…` : preview
  return `(${unread}) ${name}:${words}`
}

export function useAttention(open: (conversation: string) => void): void {
  const { t } = useI18n()
  const conversations = useConversations()
  const alerts = useAlerts()
  const waiting = computed(() => conversations.longestWaiting())

  watchEffect(() => {
    const row = conversations.mine.find((each) => each.unread > 0) ?? waiting.value
    document.title = titleOf(conversations.unread, row?.contact_name ?? '', row?.preview ?? '', t('name'))
  })

  alerts.onShow((alert) => {
    if (!('Notification' in window) || Notification.permission !== 'granted') return
    const shown = new Notification(t(`alert.${alert.kind}`), { body: alert.text, tag: alert.conversation_id ?? alert.id })
    shown.onclick = () => {
      window.focus()
      if (alert.conversation_id) open(alert.conversation_id)
    }
  })

}
