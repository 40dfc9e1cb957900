/** The parts of a message that are no words, as its channel named them. Addresses are only ever opened as links. */
import type { Message } from '@/client/types'

export const KINDS = ['location', 'link', 'card', 'order', 'sticker', 'event', 'unsupported'] as const
export type RichKind = (typeof KINDS)[number] | 'post' | 'button'

export interface Rich {
  kind: RichKind
  title: string
  text: string
  url: string
}

/** What channels call it when one of the choices we sent was tapped; its words are the message's. */
const BUTTON = 'button'

const isRich = (kind: string): kind is (typeof KINDS)[number] => (KINDS as readonly string[]).includes(kind)

export function richOf(message: Pick<Message, 'kind' | 'payload' | 'direction' | 'text'>): Rich | null {
  const { kind } = message
  if (message.direction === 'system') return null
  if (!isRich(kind)) return postOf(message)
  const payload = message.payload ?? {}
  const said = kind === 'card' && payload['card'] ? (payload['card'] as Record<string, unknown>) : payload // a product of our own page
  const of = (key: string) => (typeof said[key] === 'string' || typeof said[key] === 'number' ? String(said[key]) : '')
  if (kind === 'event' && of('name') === BUTTON) return { kind: 'button', title: message.text || of('key'), text: '', url: '' }
  const lines: Record<(typeof KINDS)[number], Omit<Rich, 'kind'>> = {
    location: { title: of('name'), text: [of('address'), [of('latitude'), of('longitude')].filter(Boolean).join(', ')].filter(Boolean).join(' · '), url: place(of('latitude'), of('longitude')) },
    link: { title: of('title'), text: of('text'), url: web(of('url')) },
    card: { title: of('title'), text: of('text') || [of('price'), of('note')].filter(Boolean).join(' · '), url: web(of('url')) },
    order: { title: of('title') || of('number'), text: [of('number'), of('price'), of('state')].filter(Boolean).join(' · '), url: web(of('url')) },
    sticker: { title: of('name'), text: '', url: '' },
    event: { title: of('name'), text: of('key'), url: '' },
    unsupported: { title: '', text: of('type'), url: '' },
  }
  return { kind, ...lines[kind] }
}

/** What a comment in public stands under. */
function postOf(message: Pick<Message, 'payload'>): Rich | null {
  const about = message.payload?.['about'] as { text?: unknown; url?: unknown } | undefined
  const text = typeof about?.text === 'string' ? about.text : ''
  const url = web(typeof about?.url === 'string' ? about.url : '')
  return text || url ? { kind: 'post', title: text, text: '', url } : null
}

const web = (url: string) => (/^https?:\/\//i.test(url) ? url : '')
const place = (lat: string, lon: string) => (lat && lon ? `https://www.openstreetmap.org/?mlat=${encodeURIComponent(lat)}&mlon=${encodeURIComponent(lon)}&zoom=16` : '')

export interface Coming {
  kind: string
  name: string
  state: 'waiting' | 'fetched' | 'gone' | 'refused'
}

/** Files that were at the vendor: those that are not here yet, and those that will never be. */
export function comingOf(message: Pick<Message, 'payload'>): Coming[] {
  const media = message.payload?.['media']
  return Array.isArray(media) ? (media as Coming[]).filter((each) => each.state !== 'fetched') : []
}
