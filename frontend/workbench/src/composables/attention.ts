/** The tab's title and the desktop: "(2) 王晓燕:怎么还没…". */
import { computed, watch, watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { useAlerts } from '@/stores/alerts'
import { useConversations } from '@/stores/conversations'
import { useNotices } from '@/stores/notices'
import { useOffers } from '@/stores/offers'
import { wantField } from '@/desk/eager'
import { useNow } from './now'
import { AMBER_MS, RED_MS } from './times'
import { useBrief } from './words'

const PREVIEW = 12

export const shortened = (preview: string) => (preview.length > PREVIEW ? `${preview.slice(0, PREVIEW)}…` : preview)

export function useAttention(open: (conversation: string) => void, list: () => void): void {
  const { t } = useI18n()
  const brief = useBrief()
  const conversations = useConversations()
  const alerts = useAlerts()
  const offers = useOffers()
  const notices = useNotices()
  const now = useNow()
  const waiting = computed(() => conversations.longestWaiting())

  watchEffect(() => {
    const row = conversations.mine.find((each) => each.unread > 0) ?? waiting.value
    document.title =
      conversations.unread && row
        ? t('tab', { n: conversations.unread, name: row.contact_name, words: shortened(brief(row.preview)) })
        : notices.unread ? `(${notices.unread}) ${t('name')}` : t('name')
  })

  // A customer who waits is heard when he turns amber, and once more when he turns red.
  watch(now, (at, before) => {
    for (const row of conversations.mine) {
      const since = row.waiting_since ? Date.parse(row.waiting_since) : null
      const crossed = (limit: number) => since !== null && at - since >= limit && before - since < limit
      if (crossed(AMBER_MS) || crossed(RED_MS))
        alerts.take({ t: 'alert', kind: 'waiting', conversation_id: row.id, text: `${row.contact_name} ${brief(row.preview)}` })
    }
  })

  watch(
    () => offers.open,
    (open, before) => {
      for (const offer of open.filter((each) => !before.some((known) => known.id === each.id))) {
        const text = `${offer.conversation.contact_name} ${offer.note}`
        alerts.take({ t: 'alert', kind: 'offer', conversation_id: offer.conversation.id, text })
      }
    },
  )

  alerts.onShow((alert) => {
    if (!('Notification' in window) || Notification.permission !== 'granted') return
    const shown = new Notification(t(`alert.${alert.kind}`), { body: alert.text, tag: alert.conversation_id ?? alert.id })
    shown.onclick = () => {
      window.focus()
      if (!alert.conversation_id) return list()
      wantField()
      open(alert.conversation_id)
    }
  })

}
