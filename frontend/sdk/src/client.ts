import { openFeed } from './feed'
import { openLink, type LinkState } from './link'
import { openOutbox, type Waiting } from './outbox'
import type { Ports } from './ports'
import type {
  Attachment, Config, Conversation, DurableFrame, Identity, Page, Payload, ServerFrame, Session, TrailItem,
  WidgetMessage,
} from './wire'

export interface ClientOptions {
  /** https://host */
  base: string
  /** The inbox's public key. */
  inbox: string
  locale(): string
  ports: Ports
  page(): Page
}

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

export type Happening =
  | { kind: 'changed' }
  | { kind: 'link'; state: LinkState }
  | { kind: 'message'; message: WidgetMessage }
  | { kind: 'conversation'; conversation: Conversation | null; before: Conversation | null }
  | { kind: 'unread'; count: number }
  | { kind: 'invitation'; id: string; text: string; name?: string }
  | { kind: 'error'; code: string; detail: string }

export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, detail: string) {
    super(detail)
  }
}

export type Client = ReturnType<typeof openClient>

const TYPING_EVERY_MS = 3_000
const TYPING_SHOWN_MS = 6_000
const BUSY_RETRY_MS = 3_000

/** The visitor's side of the protocol: what was written is sent exactly once, what was received is shown once. */
export function openClient({ base, inbox, locale, ports, page }: ClientOptions) {
  const root = `${base}/widget/${encodeURIComponent(inbox)}`
  const slot = (name: string) => `yizhan:${inbox}:${name}`
  const feed = openFeed()
  const outbox = openOutbox(ports.store, slot('outbox'), ports.now)
  const listeners = new Set<(happening: Happening) => void>()
  let visitor = ports.store.getItem(slot('visitor'))
  let token = ''
  let pos = ''
  let identity: Identity | undefined
  let conversation: Conversation | null = null
  let profile: Record<string, string> = {}
  let unread = 0
  let attentive = false
  let typingBy: string | null = null
  let typingTimer = 0
  let typedAt = 0
  let lines: Line[] | null = null

  const tell = (happening: Happening) => {
    listeners.forEach((listener) => {
      listener(happening)
    })
  }
  const changed = () => {
    lines = null
    tell({ kind: 'changed' })
  }

  const call = async (path: string, body?: BodyInit, headers: Record<string, string> = {}): Promise<unknown> => {
    const response = await ports.fetch(root + path, {
      method: body === undefined ? 'GET' : 'POST',
      body,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    })
    const answer = (await response.json().catch(() => ({}))) as { code?: string; detail?: string }
    if (!response.ok) throw new Refused(response.status, answer.code ?? 'error', answer.detail ?? '')
    return answer
  }
  const bearer = () => ({ Authorization: `Bearer ${token}` })

  const openSession = async () => {
    const wish = { visitor, token: ports.store.getItem(slot('token')), identity, page: page(), locale: locale() }
    const session = (await call('/session', JSON.stringify(wish))) as Session
    visitor = session.visitor
    token = session.token
    pos = session.pos
    profile = session.profile ?? profile
    ports.store.setItem(slot('visitor'), visitor)
    ports.store.setItem(slot('token'), token)
    session.messages.forEach(receive)
    setConversation(session.conversation)
    setUnread(session.unread)
    changed()
  }

  const receive = (message: WidgetMessage) => {
    if (message.client_id) outbox.remove(message.client_id)
    return feed.put(message)
  }

  const setConversation = (next: Conversation | null) => {
    const before = conversation
    // Places given to others must not be seen: within one wait the position only falls.
    conversation = next
    if (next?.queue && before?.queue && before.id === next.id) {
      const position = Math.min(next.queue.position, before.queue.position)
      conversation = { ...next, queue: { ...next.queue, position } }
    }
    tell({ kind: 'conversation', conversation, before })
  }

  const setUnread = (count: number) => {
    if (attentive && count) {
      markRead()
      count = 0
    }
    if (count === unread) return
    unread = count
    tell({ kind: 'unread', count })
  }

  const markRead = () => {
    const last = feed.all().at(-1)
    if (last) link.send({ t: 'read', message_id: last.id })
  }

  const setTyping = (name: string | null) => {
    ports.cancel(typingTimer)
    typingBy = name
    if (name !== null) typingTimer = ports.after(TYPING_SHOWN_MS, () => { setTyping(null) })
    changed()
  }

  const arrived = (message: WidgetMessage) => {
    const fresh = !feed.has(message.id)
    if (!receive(message)) return
    if (!fresh || message.from === 'customer') return
    if (message.from !== 'system') setUnread(unread + 1)
    if (typingBy !== null) setTyping(null)
    tell({ kind: 'message', message })
  }

  const acknowledged = (clientId: string, messageId?: string | null) => {
    const entry = outbox.remove(clientId)
    if (entry?.frame.t !== 'message' || !messageId || feed.hasClient(clientId)) return
    feed.put({
      id: messageId,
      conversation_id: conversation?.id ?? '',
      from: 'customer',
      name: '',
      kind: 'text',
      text: entry.frame.text,
      attachments: entry.files ?? [],
      at: new Date(entry.at).toISOString(),
      client_id: clientId,
      delivery: 'sent',
      payload: entry.frame.payload ?? null,
    })
  }

  const refused = (code: string, detail: string, clientId?: string) => {
    if (clientId && code === 'rate_limited') ports.after(BUSY_RETRY_MS, flush)
    else if (clientId) outbox.fail(clientId, code)
    tell({ kind: 'error', code, detail })
  }

  const take = (frame: ServerFrame) => {
    switch (frame.t) {
      case 'welcome':
        setConversation(frame.conversation)
        break
      case 'message':
        arrived(frame.message)
        break
      case 'ack':
        acknowledged(frame.client_id, frame.message_id)
        break
      case 'state':
        setConversation(frame.conversation)
        break
      case 'queue':
        if (conversation) setConversation({ ...conversation, queue: { position: frame.position, eta_s: frame.eta_s } })
        break
      case 'survey':
        if (conversation?.id === frame.conversation_id) setConversation({ ...conversation, survey: true })
        break
      case 'typing':
        setTyping(frame.name ?? '')
        break
      case 'invite':
        tell({ kind: 'invitation', id: frame.id, text: frame.text, name: frame.name })
        break
      case 'error':
        refused(frame.code, frame.detail, frame.client_id)
    }
    // An acknowledgement may overtake messages of others, so its position is not one to resume from.
    if ('pos' in frame && frame.pos && frame.t !== 'ack') pos = frame.pos
    changed()
  }

  const flush = () => {
    outbox.unsent().every((frame) => link.send(frame))
  }

  const link = openLink({
    ports,
    root,
    token: () => token,
    after: () => pos,
    renew: openSession,
    frame: take,
    changed: (state) => {
      if (state === 'live') {
        flush()
        if (attentive) markRead()
      }
      tell({ kind: 'link', state })
      changed()
    },
  })

  /** Stored before it is sent; `client_id` lets the server drop repeats. */
  const dispatch = (frame: DurableFrame, files?: Attachment[], clientId = ports.newId()): string => {
    const entry: Waiting = { frame: { ...frame, client_id: clientId }, at: ports.now(), files }
    outbox.add(entry)
    link.start()
    link.send(entry.frame)
    changed()
    return clientId
  }

  const confirmedLine = (message: WidgetMessage): Line => ({
    key: message.client_id ?? message.id,
    from: message.from,
    name: message.name,
    kind: message.kind,
    text: message.text,
    attachments: message.attachments,
    payload: message.payload,
    at: Date.parse(message.at),
    state: message.delivery === 'failed' ? 'failed' : 'sent',
  })

  const waitingLines = (): Line[] =>
    outbox.all().flatMap(({ frame, at, failed, files }) =>
      frame.t === 'message'
        ? [{
            key: frame.client_id, from: 'customer', name: '', kind: 'text', text: frame.text, attachments: files ?? [],
            payload: frame.payload, at, state: failed ? 'failed' : 'sending',
          }]
        : [],
    )

  return {
    get lines() {
      return (lines ??= [...feed.all().map(confirmedLine), ...waitingLines()])
    },
    get conversation() {
      return conversation
    },
    get link() {
      return link.state
    },
    get unread() {
      return unread
    },
    get profile() {
      return profile
    },
    get visitor() {
      return visitor
    },
    /** Who is typing to the visitor; null when nobody is. */
    get typingBy() {
      return typingBy
    },
    get token() {
      return token
    },
    root,
    /** Waiting frames of a kind: the view shows their effect before the server confirms it. */
    waiting: (t: DurableFrame['t']) => outbox.all().some((entry) => entry.frame.t === t && !entry.failed),
    on(listener: (happening: Happening) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async loadConfig() {
      const query = new URLSearchParams({ visitor: visitor ?? '', locale: locale(), url: page().url })
      return (await call(`/config?${query.toString()}`)) as Config
    },
    start: link.start,
    stop: link.stop,
    nudge: link.nudge,
    dispatch,
    send: (text: string, files: Attachment[] = [], payload?: Payload) =>
      dispatch({ t: 'message', text, attachments: files.map((file) => file.hash ?? ''), payload }, files),
    retry(clientId: string) {
      outbox.fail(clientId)
      flush()
      changed()
    },
    typing() {
      if (ports.now() - typedAt < TYPING_EVERY_MS) return
      typedAt = ports.now()
      link.send({ t: 'typing' })
    },
    trail: (items: TrailItem[]) => link.send({ t: 'trail', items }),
    /** Whether the visitor is looking: then what arrives is read. */
    attend(looking: boolean) {
      attentive = looking
      if (looking) setUnread(unread)
      changed()
    },
    async upload(file: Blob, name: string) {
      if (!token) await openSession()
      const kind = file.type || 'application/octet-stream'
      const headers = { ...bearer(), 'Content-Type': kind, 'X-File-Name': encodeURIComponent(name) }
      return (await call('/files', file, headers)) as Attachment
    },
    /** A message for later with one address; resolves to when the answer is promised, in the visitor's words. */
    async leave(text: string, contact: string, name: string, callback: boolean) {
      if (!token) await openSession()
      const body = { text, contact, name, callback, client_id: ports.newId() }
      return (await call('/leave', JSON.stringify(body), bearer())) as { reply_by: string | null }
    },
    /** The host page knows who it is; proved by a signature of its own server. */
    identify(next: Identity) {
      identity = next
      if (link.state === 'idle') return
      link.stop()
      token = ''
      feed.clear()
      link.start()
    },
    /** Forgets this visitor: the next one on this device starts unknown. */
    reset() {
      link.stop()
      for (const name of ['visitor', 'token', 'outbox']) ports.store.removeItem(slot(name))
      visitor = conversation = null
      identity = undefined
      token = pos = ''
      profile = {}
      feed.clear()
      setUnread(0)
      changed()
    },
  }
}
