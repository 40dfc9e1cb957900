/** 引用回复: the message that the next reply answers. It belongs to the draft. */
import type { Capability, Message } from '@/client/types'
import { readDraft, replaceDraft } from '@/composables/drafts'
import { wantField } from '../eager'

export interface Quote {
  id: string
  name: string
  text: string
}

const MOST = 80

/** As the server shortens it. */
export function quoteOf(message: Message): Quote {
  const said = message.text.trim().split(/\s+/).join(' ') || (message.attachments[0]?.name ?? '')
  const letters = [...said]
  return { id: message.id, name: message.author.name, text: letters.length > MOST ? `${letters.slice(0, MOST - 1).join('')}…` : said }
}

export const quotable = (message: Message) => (message.direction === 'in' || message.direction === 'out') && !message.recalled_at

/** What the customer reads: where the vendor shows no quotations it is a line of the text. */
export const withQuote = (can: Capability, text: string, quote?: Quote) => (quote?.text && !can.quote ? `「${quote.text}」\n${text}` : text)

/** Of the message before or after the quoted one; from none the customer's last. */
export function nextQuote(messages: Message[], from: Quote | undefined, by: number): Quote | undefined {
  const open = messages.filter(quotable)
  const at = open.findIndex((each) => each.id === from?.id)
  const to = at < 0 ? (open.filter((each) => each.direction === 'in').at(-1) ?? open.at(-1)) : open[at + by]
  return to ? quoteOf(to) : from
}

/** It stands above the text field, and the field has the focus. */
export function putQuote(conversation: string, quote: Quote): void {
  wantField()
  replaceDraft(conversation, { ...readDraft(conversation), note: false, quote })
}
