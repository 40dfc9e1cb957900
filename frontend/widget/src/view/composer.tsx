import type { IconName } from '../../look'
import { client, paint, set, ui } from '../app'
import { emoji, say } from '../look'
import { sendFiles } from '../uploads'
import { Card } from './bubble'
import { Chip, Icon, Sign } from './parts'

export function Composer() {
  const { product } = ui
  return (
    <div class="composer">
      {product && (
        <div class="offer">
          <Card card={product} />
          <Chip text={say('sendProduct')} does={() => {
            client.send(product.title, [], { card: product })
            set({ product: null })
          }} />
          <Sign name="close" label={say('close')} does={() => { set({ product: null }) }} />
        </div>
      )}
      {ui.emoji && <EmojiPanel />}
      <div class="box" key="box">
        <textarea
          rows={1}
          maxlength={4000}
          aria-label={say('input')}
          placeholder={say('input')}
          onInput={(event) => {
            grow(event.currentTarget)
            client.typing()
          }}
          onKeyDown={(event) => {
            // While an input method composes, Enter chooses a word.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
            event.preventDefault()
            submit(event.currentTarget)
          }}
          onPaste={(event) => {
            const files = event.clipboardData?.files
            if (!files?.length) return
            event.preventDefault()
            void sendFiles(files)
          }}
          onFocus={() => { if (ui.emoji) set({ emoji: false }) }}
        />
        <div class="tools">
          <button class="tool" aria-label={say('emoji')} aria-expanded={ui.emoji} title={say('emoji')}
            onClick={() => { set({ emoji: !ui.emoji }) }}>
            <Icon name="smile" />
          </button>
          {picker('image', 'image/*')}
          {picker('clip')}
          <span class="grow" />
          <button class="send" aria-label={say('send')} title={say('send')}
            onClick={(event) => { submit(fieldBeside(event.currentTarget)) }}>
            <Icon name="send" />
          </button>
        </div>
      </div>
    </div>
  )
}

function picker(icon: IconName, accept?: string) {
  const label = say(accept ? 'image' : 'file')
  return (
    <button class="tool" aria-label={label} title={label}
      onClick={(event) => { event.currentTarget.querySelector('input')?.click() }}>
      <Icon name={icon} />
      <input hidden type="file" multiple accept={accept}
        onClick={(event) => { event.stopPropagation() }}
        onChange={({ currentTarget }) => {
          void sendFiles(currentTarget.files ?? [])
          currentTarget.value = ''
        }}
      />
    </button>
  )
}

function EmojiPanel() {
  return (
    <div class="emoji" role="group" aria-label={say('emoji')} key="emoji">
      {emoji().map((sign) => (
        <button onClick={(event) => {
          const field = fieldBeside(event.currentTarget)
          field.setRangeText(sign, field.selectionStart, field.selectionEnd, 'end')
        }}>
          {sign}
        </button>
      ))}
    </div>
  )
}

const fieldBeside = (element: HTMLElement) =>
  element.closest('.composer')?.querySelector('textarea') as HTMLTextAreaElement

function submit(field: HTMLTextAreaElement): void {
  const text = field.value.trim()
  if (!text) return
  client.send(text)
  field.value = ''
  grow(field)
  field.focus()
  set({ emoji: false, problem: null })
}

/** Grows with its text up to the limit the style sheet sets. */
function grow(field: HTMLTextAreaElement): void {
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
  paint()
}
