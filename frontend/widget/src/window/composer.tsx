import type { App } from '../app'
import { sendFiles } from './uploads'
import { CLOSE, Icon } from '../icon'
import { CLIP, IMAGE, SEND, SMILE } from './icons'

const EMOJI = [...'😀😄😂😊😍😘🤔😅😭😡😱😴👍👎👏🙏💪👌❤️🌹🎉🎁🔥✨📦🚚💰📷'].filter((sign) => sign !== '\u{fe0f}')
const PICTURES = 'image/*'

export function Composer({ app }: { app: App }) {
  const { ui, say } = app
  return (
    <div class="composer">
      {ui.product && <ProductOffer app={app} />}
      {ui.emoji && <EmojiPanel app={app} />}
      <div class="box">
        <textarea
          rows={1}
          maxLength={4000}
          aria-label={say('input')}
          placeholder={say('input')}
          onInput={(event) => {
            grow(event.currentTarget)
            app.client.typing()
            app.paint()
          }}
          onKeyDown={(event) => {
            // While an input method composes, Enter chooses a word.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
            event.preventDefault()
            submit(app, event.currentTarget)
          }}
          onPaste={(event) => {
            const files = event.clipboardData?.files
            if (!files?.length) return
            event.preventDefault()
            void sendFiles(app, files)
          }}
          onFocus={() => { if (ui.emoji) app.set({ emoji: false }) }}
        />
        <div class="tools">
          <button class="tool" aria-label={say('emoji')} aria-expanded={ui.emoji} title={say('emoji')}
            onClick={() => { app.set({ emoji: !ui.emoji }) }}>
            <Icon path={SMILE} />
          </button>
          <Picker app={app} path={IMAGE} label={say('image')} accept={PICTURES} />
          <Picker app={app} path={CLIP} label={say('file')} />
          <span class="grow" />
          <button class="send" aria-label={say('send')} title={say('send')}
            onClick={(event) => { submit(app, fieldBeside(event.currentTarget)) }}>
            <Icon path={SEND} />
          </button>
        </div>
      </div>
    </div>
  )
}

function Picker({ app, path, label, accept }: { app: App; path: string; label: string; accept?: string }) {
  return (
    <button class="tool" aria-label={label} title={label}
      onClick={(event) => { event.currentTarget.querySelector('input')?.click() }}>
      <Icon path={path} />
      <input hidden type="file" multiple accept={accept}
        onClick={(event) => { event.stopPropagation() }}
        onChange={(event) => {
          void sendFiles(app, event.currentTarget.files ?? [])
          event.currentTarget.value = ''
        }}
      />
    </button>
  )
}

function EmojiPanel({ app }: { app: App }) {
  return (
    <div class="emoji" role="group" aria-label={app.say('emoji')}>
      {EMOJI.map((sign) => (
        <button key={sign} onClick={(event) => {
          const field = fieldBeside(event.currentTarget)
          field.setRangeText(sign, field.selectionStart, field.selectionEnd, 'end')
          app.paint()
        }}>
          {sign}
        </button>
      ))}
    </div>
  )
}

function ProductOffer({ app }: { app: App }) {
  const product = app.ui.product
  if (!product) return null
  return (
    <div class="offer">
      {product.image && <img src={product.image} alt="" />}
      <div class="grow"><span>{product.title}</span><b>{product.price}</b></div>
      <button class="chip" onClick={() => {
        app.client.send(product.title, [], { card: product })
        app.set({ product: null })
      }}>
        {app.say('sendProduct')}
      </button>
      <button class="round" aria-label={app.say('close')} onClick={() => { app.set({ product: null }) }}>
        <Icon path={CLOSE} />
      </button>
    </div>
  )
}

const fieldBeside = (element: HTMLElement) =>
  element.closest('.composer')?.querySelector('textarea') as HTMLTextAreaElement

function submit(app: App, field: HTMLTextAreaElement): void {
  const text = field.value.trim()
  if (!text) return
  app.client.send(text)
  field.value = ''
  grow(field)
  field.focus()
  app.set({ emoji: false, problem: null })
}

/** Grows with its text up to the limit the style sheet sets. */
function grow(field: HTMLTextAreaElement): void {
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}
