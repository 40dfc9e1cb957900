/** How what waits is said to the server: a message, or a macro whose reply it is. The same words under the same key. */
import * as desk from '@/client/desk'
import type { Options } from '@/client/http'
import { apply } from '@/client/macros'
import type { Waiting } from './outbox'

type Said = Awaited<ReturnType<typeof desk.say>>

export async function leave(waiting: Waiting, options: Options): Promise<Said> {
  const { macro, client_id, conversation_id, seen = null } = waiting
  if (!macro) return await desk.say(conversation_id, bodyOf(waiting), options)
  await apply(macro.ticket, macro.key, { mark: macro.mark, client_id, conversation_id, locale: macro.locale, seen }, { key: client_id, ...options })
  return { message: null }
}

function bodyOf(waiting: Waiting): desk.Outgoing {
  const { client_id, text, note, mentions, then, ticket_id, promise, template, quick_reply, quote, order, seen, draft, locale } = waiting
  const attachments = waiting.attachments.map(({ hash, name }) => ({ hash, name }))
  const body: desk.Outgoing = { client_id, text, note, mentions, attachments, locale }
  if (then) body.then = then
  if (promise) body.promise = promise
  if (template) body.template = template
  if (quick_reply) body.quick_reply = quick_reply
  if (quote) body.quote = quote.id
  if (order) body.order = order.id
  if (ticket_id) body.ticket_id = ticket_id
  if (seen) body.seen = seen
  if (draft) body.draft = draft
  return body
}
