import type { Waiting } from './outbox'
import type { Attachment, Payload, WidgetMessage } from './wire'

/** A message as the visitor sees it, confirmed by the server or not yet. */
export interface Line {
  key: string
  from: WidgetMessage['from']
  name: string
  kind: string
  text: string
  attachments: Attachment[]
  payload?: Payload | null
  at: number
  state: 'sent' | 'sending' | 'failed'
}

export const confirmed = (message: WidgetMessage): Line => ({
  ...message,
  key: message.client_id ?? message.id,
  at: Date.parse(message.at),
  state: message.delivery === 'failed' ? 'failed' : 'sent',
})

/** What the visitor wrote, as the server will tell it. */
export const written = (id: string, conversation: string, { frame, at, files = [] }: Waiting): WidgetMessage => ({
  id,
  conversation_id: conversation,
  from: 'customer',
  name: '',
  kind: 'text',
  text: frame.t === 'message' ? frame.text : '',
  attachments: files,
  at: new Date(at).toISOString(),
  client_id: frame.client_id,
  delivery: 'sent',
  payload: frame.t === 'message' ? frame.payload : null,
})

export const unconfirmed = (entry: Waiting): Line[] =>
  entry.frame.t === 'message'
    ? [{ ...confirmed(written('', '', entry)), state: entry.failed ? 'failed' : 'sending' }]
    : []
