/** The files of a message by how each is shown. */
import type { Attachment, Message } from '@/client/types'

/** A recording or film; `original` is what was sent, where this was made of it. */
export interface Player {
  file: Attachment
  original: Attachment | null
}

export interface Shown {
  pictures: Attachment[]
  players: Player[]
  papers: Attachment[]
}

const PICTURE = /^image\/(png|jpe?g|gif|webp|avif)$/
const PLAYABLE = /^(audio\/(mpeg|mp4|aac|ogg|wav|x-wav|webm)|video\/(mp4|webm|ogg))$/
const PHONE_VOICE = /^audio\/(amr|amr-wb|silk|x-speex)$/

export function shownOf(files: readonly Attachment[], broken: ReadonlySet<string> = new Set()): Shown {
  const isPicture = (file: Attachment) => PICTURE.test(file.type) && !broken.has(file.hash)
  const made = new Set(files.map((file) => file.of).filter(Boolean))
  const players = files.filter((file) => PLAYABLE.test(file.type))
  return {
    pictures: files.filter(isPicture),
    players: players.map((file) => ({ file, original: files.find((each) => each.hash === file.of) ?? null })),
    papers: files.filter((file) => !isPicture(file) && !PLAYABLE.test(file.type) && !made.has(file.hash)),
  }
}

export interface Picture {
  file: Attachment
  message?: Message | undefined
}

/** Every picture of a thread in its order, to go through them large. */
export function picturesOf(messages: readonly Message[]): Picture[] {
  return messages.filter((message) => !message.recalled_at).flatMap((message) => shownOf(message.attachments).pictures.map((file) => ({ file, message })))
}

const STEP = 1.5
const NEAREST = 8

/** Closer or farther by steps; never farther than where it just fits, 1. */
export const nearer = (zoom: number, by: number) => Math.min(NEAREST, Math.max(1, zoom * STEP ** by))

/** What is said of a voice that cannot be played here: being made so, or only after download. */
export const voiceState = (file: Attachment): 'waiting' | 'no' | null => (PHONE_VOICE.test(file.type) ? (file.playable ?? 'no') : null)

export const isPdf = (file: Attachment) => file.type === 'application/pdf'

export const sizeOf = (bytes: number) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`)

/** What it calls itself: PDF, XLSX; a name without an ending says nothing. */
export function endingOf(name: string): string {
  return /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toUpperCase() ?? ''
}

export const lengthOf = (seconds: number) => `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`
