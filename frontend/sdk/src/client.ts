import { openCalls } from './calls'
import { openFeed } from './feed'
import { confirmed, unconfirmed, written, type Line } from './lines'
import { openLink, type LinkState } from './link'
import { openOutbox, type Waiting } from './outbox'
import type { Ports } from './ports'
import type {
  Attachment, Config, Conversation, DurableFrame, History, Identity, NpsQuestion, Page, Payload, ServerFrame, Session, Ticket,
  TrailItem, WidgetMessage,
} from './wire'

export interface ClientOptions {
  /** https://host */
  base: string
  /** The inbox's public key. */
  inbox: string
  locale(): string
  ports: Ports
  page(): Page
  /** Whether the visit may be recorded; without it always. */
  tracking?(): boolean
}

export type Happening =
  | { kind: 'changed' }
  | { kind: 'link'; state: LinkState }
  | { kind: 'message'; message: WidgetMessage }
  | { kind: 'conversation'; conversation: Conversation | null; before: Conversation | null }
  | { kind: 'unread'; count: number }
  | { kind: 'duty'; online: boolean; opens: string | null; reply_by: string | null; night: boolean }
  | { kind: 'invitation'; id: string; text: string; name?: string }
  | { kind: 'error'; code: string; detail: string }

export type Client = ReturnType<typeof openClient>

const TYPING_EVERY_MS = 3_000
const TYPING_SHOWN_MS = 6_000
const BUSY_RETRY_MS = 3_000
const KEPT = ['visitor', 'token', 'outbox']

/** The visitor's side of the protocol: what was written is sent exactly once, what was received is shown once. */
export function openClient({ base, inbox, locale, ports, page, tracking = () => true }: ClientOptions) {
  const root = `${base}/widget/${encodeURIComponent(inbox)}`
  const { store } = ports
  const slot = (name: string) => `yizhan:${inbox}:${name}`
  const feed = openFeed()
  const outbox = openOutbox(store, slot('outbox'), ports.now)
  const listeners = new Set<(happening: Happening) => void>()
  const call = openCalls(ports, root, () => token)
  let visitor = store.getItem(slot('visitor'))
  let token = ''
  let opening: Promise<void> | undefined
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
  let more = false
  let reading = false
  let nps: NpsQuestion | null = null

  const tell = (happening: Happening) => {
    listeners.forEach((listener) => {
      listener(happening)
    })
  }
  const changed = () => {
    lines = null
    tell({ kind: 'changed' })
  }

  const openSession = async (asked: () => boolean): Promise<void> => {
    token = ''
    const session = await call<Session>('/session', JSON.stringify({
      visitor, token: store.getItem(slot('token')), identity, page: page(), locale: locale(), tracking: tracking(),
    }))
    // Since then somebody signed in or out: this would be the token of who was there before.
    if (!asked()) return opening
    visitor = session.visitor
    token = session.token
    pos = session.pos
    profile = { ...profile, ...session.profile }
    store.setItem(slot('visitor'), visitor)
    store.setItem(slot('token'), token)
    // After a long absence there may be a gap between what is known and what comes now.
    if (!session.messages.some((message) => feed.has(message.id))) {
      feed.clear()
      more = session.more ?? false
    }
    session.messages.forEach(receive)
    setConversation(session.conversation)
    setUnread(session.unread)
    nps = session.nps ?? null
    changed()
  }

  /** Whoever asks meanwhile waits for the same one: two at once would be two visitors. */
  const inSession = () => {
    const asked = () => opening === mine
    const mine: Promise<void> = (opening ??= openSession(asked).finally(() => {
      if (asked()) opening = undefined
    }))
    return mine
  }

  const receive = (message: WidgetMessage) => {
    if (message.client_id) outbox.remove(message.client_id)
    return feed.put(message)
  }

  const setConversation = (next: Conversation | null) => {
    const before = conversation
    // Places given to others must not be seen: within one wait the position only falls.
    if (next?.queue && before?.queue && before.id === next.id) {
      const position = Math.min(next.queue.position, before.queue.position)
      next = { ...next, queue: { ...next.queue, position } }
    }
    conversation = next
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
    const last = feed.all().slice(-1)[0]
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
    if (!receive(message) || !fresh || message.from === 'customer') return
    if (message.from !== 'system') setUnread(unread + 1)
    if (typingBy !== null) setTyping(null)
    tell({ kind: 'message', message })
  }

  const acknowledged = (clientId: string, messageId?: string | null) => {
    const entry = outbox.remove(clientId)
    if (entry?.frame.t !== 'message' || !messageId || feed.hasClient(clientId)) return
    feed.put(written(messageId, conversation?.id ?? '', entry))
  }

  const refused = (code: string, detail: string, clientId?: string) => {
    if (clientId && code === 'rate_limited') ports.after(BUSY_RETRY_MS, flush)
    else if (clientId) outbox.fail(clientId, code)
    tell({ kind: 'error', code, detail })
  }

  const take = (frame: ServerFrame) => {
    switch (frame.t) {
      case 'welcome':
      case 'state':
        setConversation(frame.conversation)
        break
      case 'message':
        arrived(frame.message)
        break
      case 'ack':
        acknowledged(frame.client_id, frame.message_id)
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
      case 'duty':
        tell({ ...frame, kind: 'duty', night: !!frame.night })
        break
      case 'invite':
        tell({ ...frame, kind: 'invitation' })
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
    slot: slot('line'),
    call,
    token: () => token,
    after: () => pos,
    renew: inSession,
    frame: take,
    changed(state) {
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

  /** Nothing of the session stays, nor of one that is being opened. */
  const hangUp = () => {
    link.stop()
    token = pos = ''
    opening = undefined
    feed.clear()
  }

  const known = async () => {
    if (!token) await inSession()
  }

  /** Resolves once all he wrote has arrived: before his first words the server does not know him. */
  const delivered = () =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (outbox.unsent().some((frame) => frame.t === 'message')) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
    })

  return {
    get lines() {
      return (lines ??= [...feed.all().map(confirmed), ...outbox.all().flatMap(unconfirmed)])
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
    /** What the visitor or his site said of him, in this page or before. */
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
    /** Whether there are messages before the first of `lines`: `older` fetches them. */
    get more() {
      return more
    },
    /** The survey that waits for him. */
    get nps() {
      return nps
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
    loadConfig() {
      const { url, referrer } = page()
      const asked = { url, referrer, locale: locale(), visitor: visitor ?? '' }
      const query = Object.entries(asked).map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
      return call<Config>(`/config?${query}`)
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
    /** Earlier messages, a page at a time; a failed fetch may be tried again. */
    async older() {
      const first = feed.all()[0]
      if (!more || reading || !first) return
      reading = true
      try {
        const page = await call<History>(`/history?before=${first.id}`)
        page.messages.forEach(receive)
        more = page.more
      } finally {
        reading = false
        changed()
      }
    },
    /** The visitor types, or a file of his is on its way; never what he types. */
    typing() {
      if (ports.now() - typedAt < TYPING_EVERY_MS) return
      typedAt = ports.now()
      link.send({ t: 'typing' })
    },
    trail: (items: TrailItem[]) => link.send({ t: 'trail', items, sent_at: new Date(ports.now()).toISOString() }),
    /** Whether the visitor is looking: then what arrives is read. */
    attend(looking: boolean) {
      attentive = looking
      if (looking) setUnread(unread)
      changed()
    },
    /** Says of the visitor what he or his site gave; an absent value does not blank a known one. */
    introduce(given: Record<string, unknown>) {
      const { name, email, phone, ...fields } = given
      const said = Object.fromEntries(Object.entries({ name, email, phone }).filter(([, value]) => value)) as typeof profile
      profile = { ...profile, ...said }
      return dispatch({ t: 'profile', ...said, fields })
    },
    /** A file of the browser's, or its bytes where there are no such objects. */
    async upload(file: Blob | ArrayBuffer, name: string, type = (file as Blob).type) {
      await known()
      const kind = type || 'application/octet-stream'
      return call<Attachment>('/files', file, { 'Content-Type': kind, 'X-File-Name': encodeURIComponent(name) })
    },
    /** A message for later with one address; resolves to when the answer is promised, in the visitor's words. */
    async leave(text: string, contact: string, name: string, callback: boolean, clientId = ports.newId()) {
      await known()
      profile = { ...profile, [contact.includes('@') ? 'email' : 'phone']: contact }
      const body = { text, contact, name, callback, client_id: clientId }
      return call<{ reply_by: string | null }>('/leave', JSON.stringify(body))
    },
    /** My own tickets; with a number that one is chased first. */
    async progress(chased?: number) {
      await known()
      return call<{ items: Ticket[] }>(chased ? `/progress/${chased}/chase` : '/progress', chased ? '' : undefined)
    },
    /** Member code and appointments; with a body it asks for a change. */
    async visits<Answer>(path: string, body?: string) {
      await known()
      await delivered()
      return call<Answer>(path, body)
    },
    /** The host page knows who it is; proved by a signature of its own server. */
    identify(next: Identity) {
      identity = next
      if (next.email) profile = { ...profile, email: next.email }
      if (link.state === 'idle') return
      hangUp()
      link.start()
    },
    /** Forgets this visitor: the next one on this device starts unknown. */
    reset() {
      hangUp()
      for (const name of KEPT) store.removeItem(slot(name))
      visitor = conversation = null
      identity = undefined
      profile = {}
      more = false
      setUnread(0)
      changed()
    },
  }
}
