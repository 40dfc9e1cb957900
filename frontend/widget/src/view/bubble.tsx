import type { Attachment, Line, Product } from 'yizhan-sdk'
import { client, paint, type Upload } from '../app'
import { say } from '../look'
import { sendUpload } from '../uploads'
import { Icon } from './parts'
import { sizeText } from './times'

export function Bubble({ line }: { line: Line }) {
  const card = line.payload?.card
  return [
    line.attachments.map(fileLine),
    card ? <a class="offer" {...opens(card.url)}><Card card={card} /></a>
      : line.text && <div class="bubble">{withLinks(line.text)}</div>,
    line.state === 'sending' && <small class="state">{say('sending')}</small>,
    line.state === 'failed' && <button class="retry" onClick={() => { client.retry(line.key) }}>{say('failed')}</button>,
  ]
}

export const Card = ({ card }: { card: Product }) => [
  card.image && <img src={card.image} alt="" />,
  <div class="grow"><span>{card.title}</span><b>{card.price}</b><small>{card.note}</small></div>,
]

/** Only the web: a link typed by anyone must not run script. */
const opens = (url = '') =>
  ({ href: /^https?:\/\//i.test(url) ? url : null, target: '_blank', rel: 'noreferrer' })

const LINK = /(https?:\/\/[^\s<>"'，。！？；：、）】」》]+)/

export const withLinks = (text: string) =>
  text.split(LINK).map((part, at) => (at % 2 ? <a {...opens(part)}>{part}</a> : part))

const picture = (src: string, name: string) => <img src={src} alt={name} onLoad={paint} />

const paper = (name: string, size: number) => [
  <Icon name="clip" />,
  <div class="grow"><span>{name}</span><small>{sizeText(size)}</small></div>,
]

function fileLine({ url, name, type, size }: Attachment) {
  const address = new URL(url, client.root).href
  return type.startsWith('image/')
    ? <a class="picture" {...opens(address)}>{picture(address, name)}</a>
    : <a class="file" {...opens(address)}>{paper(name, size)}</a>
}

export function UploadBubble({ upload }: { upload: Upload }) {
  const { file, preview, failed } = upload
  return (
    <div class="row mine first last">
      <div class="col">
        <span class={`${preview ? 'picture' : 'file'} busy`}>
          {preview ? picture(preview, file.name) : paper(file.name, file.size)}
        </span>
        {failed ? <button class="retry" onClick={() => { void sendUpload(upload) }}>{say('failed')}</button>
          : <small class="state">{say('sending')}</small>}
      </div>
    </div>
  )
}
