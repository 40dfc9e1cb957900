/** 订单卡片: an order that goes with the next reply. It belongs to the draft. */
import type { SourceOrder } from '@/client/connectors'
import { readDraft, replaceDraft } from '@/composables/drafts'
import { wantField } from '../eager'

const things = (order: SourceOrder) => order.lines.map((line) => `${line.title || line.sku}${(line.count ?? 1) > 1 ? ` ×${line.count}` : ''}`).join('、')

export const titleOf = (order: SourceOrder) => things(order) || order.number

/** It stands above the text field, and the field has the focus. */
export function putOrder(conversation: string, order: SourceOrder): void {
  wantField()
  replaceDraft(conversation, { ...readDraft(conversation), note: false, order: { id: order.id, number: order.number, title: titleOf(order) } })
}

/** Words for the customer, after what stands there. */
export function putWords(conversation: string, words: string): void {
  wantField()
  const begun = readDraft(conversation)
  replaceDraft(conversation, { ...begun, note: false, text: [begun.text, words].filter(Boolean).join('\n') })
}
