import type { Attachment, Line } from 'yizhan-sdk'
import type { App, Upload } from '../app'
import { sizeText } from './times'
import { sendUpload } from './uploads'
import { Icon } from '../icon'
import { CLIP } from './icons'

export function Bubble({ app, line }: { app: App; line: Line }) {
  const card = line.payload?.card
  return (
    <>
      {line.attachments.map((file) => <FileLine key={file.url} app={app} file={file} />)}
      {card ? (
        <a class="offer" href={safeUrl(card.url)} target="_blank" rel="noopener noreferrer">
          {card.image && <img src={card.image} alt="" />}
          <div class="grow"><span>{card.title}</span><b>{card.price}</b></div>
        </a>
      ) : line.text && <div class="bubble">{withLinks(line.text)}</div>}
      {line.state === 'sending' && <small class="state">{app.say('sending')}</small>}
      {line.state === 'failed' && (
        <button class="retry" onClick={() => { app.client.retry(line.key) }}>{app.say('failed')}</button>
      )}
    </>
  )
}

/** Only the web: a link typed by anyone must not run script. */
const safeUrl = (url = '') => (/^https?:\/\//i.test(url) ? url : undefined)

const LINK = /(https?:\/\/[^\s<>"'，。！？；：、）】」》]+)/

function withLinks(text: string) {
  return text.split(LINK).map((part, at) =>
    at % 2 ? <a href={part} target="_blank" rel="noopener noreferrer">{part}</a> : part)
}

function FileLine({ app, file }: { app: App; file: Attachment }) {
  const url = new URL(file.url, app.client.root).href
  const opens = { href: safeUrl(url), target: '_blank', rel: 'noopener noreferrer' }
  if (file.type.startsWith('image/')) {
    return (
      <a class="picture" {...opens}>
        <img src={url} alt={file.name} onLoad={() => { app.paint() }} />
      </a>
    )
  }
  return (
    <a class="file" {...opens}>
      <Icon path={CLIP} />
      <div class="grow"><span>{file.name}</span><small>{sizeText(file.size)}</small></div>
    </a>
  )
}

export function UploadBubble({ app, upload }: { app: App; upload: Upload }) {
  const { file, preview, failed } = upload
  return (
    <div class="row mine first last">
      <div class="col">
        {preview ? (
          <span class="picture busy"><img src={preview} alt={file.name} onLoad={() => { app.paint() }} /></span>
        ) : (
          <span class="file busy">
            <Icon path={CLIP} />
            <div class="grow"><span>{file.name}</span><small>{sizeText(file.size)}</small></div>
          </span>
        )}
        {failed ? (
          <button class="retry" onClick={() => { void sendUpload(app, upload) }}>{app.say('failed')}</button>
        ) : <small class="state">{app.say('sending')}</small>}
      </div>
    </div>
  )
}
