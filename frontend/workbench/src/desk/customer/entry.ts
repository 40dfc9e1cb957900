/** An entry of a timeline in words: what it is, what it says, where it leads. Its words are those of `customers.json`. */
import { useI18n } from 'vue-i18n'
import type { Entry, EntryKind } from '@/client/customers'
import { useSaid } from '@/composables/said'
import { useBrief, useWords } from '@/composables/words'
import { useShopNames } from '@/counter/names'
import { money } from './brief'

export const KINDS: EntryKind[] = ['message', 'call', 'ticket', 'order', 'visit', 'shop', 'action', 'rating', 'note']

export function useEntry() {
  const { t, te, locale } = useI18n()
  const word = useWords()
  const brief = useBrief()
  const said = useSaid()
  const shops = useShopNames()
  const kind = (entry: Entry) => (entry.status === 'remark' ? t('remark.title') : t(`timeline.${entry.kind}`))

  function title(entry: Entry): string {
    const facts = entry.facts ?? {}
    if (entry.kind === 'order' && facts['masked']) return entry.title
    if (entry.kind === 'order') return `${entry.title} · ${money(Number(facts['fen']), String(facts['currency']), locale.value)}`
    if (entry.kind === 'ticket' && facts['type']) return `${entry.title} · ${word('type', String(facts['type']))}`
    if (entry.kind === 'rating') return facts['stars'] ? t('customer.stars', { stars: facts['stars'], n: facts['stars'] }) : t(facts['solved'] ? 'timeline.solved' : 'timeline.unsolved')
    if (entry.status === 'remark') return entry.by ?? t('timeline.system')
    if (entry.kind === 'note') return entry.title.startsWith('#') ? `${entry.title} · ${word('note', entry.status)}` : t('timeline.inside')
    if (entry.kind === 'shop') return shops.name(String(facts['shop']))
    if (entry.kind === 'action') return t(te(`timeline.did_${entry.title}`) ? `timeline.did_${entry.title}` : 'timeline.did_other')
    if (entry.kind === 'visit') return t('timeline.pages', { n: facts['pages'] })
    if (entry.kind === 'message') return entry.status === 'in' ? t('timeline.in') : t('timeline.out', { by: entry.by === 'bot' ? t('timeline.bot') : entry.by ?? t('timeline.system') })
    return entry.title
  }

  function detail(entry: Entry): string {
    if (entry.status === 'remark') return entry.detail
    if (entry.facts?.['elsewhere']) return t('customer.elsewhere', { team: entry.facts['elsewhere'] })
    if (entry.kind === 'note') return said({ text: entry.detail, code: entry.code ?? null, parts: entry.parts ?? null })
    if (entry.kind === 'shop') return [shops.when(entry.facts ?? {}), shops.purpose(entry.facts ?? {}), entry.detail].filter(Boolean).join(' · ')
    if (entry.kind === 'visit') return [entry.title, entry.detail && t('timeline.from', { source: entry.detail }), entry.facts?.['cart'] && t('customer.cart_items', { n: entry.facts['cart'] })].filter(Boolean).join(' · ')
    if (entry.facts?.['masked']) return t('timeline.masked')
    if (entry.status === 'recalled') return t('timeline.recalled')
    if (entry.kind !== 'message') return brief(entry.detail)
    const files = entry.facts?.['files']
    return [entry.detail, files && t('timeline.files', { n: files })].filter(Boolean).join(' · ') || (te(`timeline.kind_${entry.title}`) ? t(`timeline.kind_${entry.title}`) : entry.title)
  }

  function state(entry: Entry): string {
    if (entry.kind === 'order') return t(`order.${entry.status}`)
    if (entry.kind === 'shop') return t(`timeline.shop_${entry.status}`)
    return entry.kind === 'ticket' ? word('status', entry.status) : ''
  }

  const place = (entry: Entry) => {
    if (entry.ticket_id) return { name: 'desk', params: { kind: 't', id: entry.ticket_id } }
    return entry.conversation_id ? { name: 'desk', params: { kind: 'c', id: entry.conversation_id } } : null
  }
  return { kind, title, detail, state, place }
}
