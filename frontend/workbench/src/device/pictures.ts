/**
 * The pictures of one's own open work, to be seen without a network: the newest, as many as there is room for, sealed as
 * all else here. They go when the work is over or no longer one's own, and with the sign-in.
 */
import type { Attachment, Thread } from '@/client/types'
import { fileUrl } from '@/client/people'
import { shownOf } from '@/desk/thread/files'
import * as device from './device'
import { alone } from './tabs'

const MEGABYTE = 1 << 20
export const ROOM = { pictures: 120, bytes: 40 * MEGABYTE, largest: 4 * MEGABYTE }
const INDEX = 'index'

/** `of`: the ticket, or the conversation that has none. */
export interface Entry { of: string; size: number; at: number }
export type Index = Record<string, Entry>
export interface Wanted extends Entry { hash: string; url: string }

/** The newest that fit; one that is too large takes no room from others. Pure. */
export function fitting(index: Index, room = ROOM): Index {
  let [left, bytes] = [room.pictures, room.bytes]
  return Object.fromEntries(Object.entries(index).sort((a, b) => b[1].at - a[1].at).filter(([, { size }]) => {
    if (size > room.largest || size > bytes || !left) return false
    left -= 1
    bytes -= size
    return true
  }))
}

export const workOf = (said: Pick<Thread, 'ticket' | 'conversations'>): string => said.ticket?.id ?? said.conversations[0]?.conversation.id ?? ''

/** What a thread shows as pictures, without what was recalled. */
export function wantedOf(said: Pick<Thread, 'ticket' | 'conversations' | 'messages'>): Wanted[] {
  return said.messages.filter((message) => !message.recalled_at).flatMap((message) =>
    shownOf(message.attachments).pictures.filter((file) => !file.local).map((file) => ({ hash: file.hash, of: workOf(said), size: file.size, at: Date.parse(message.at), url: fileUrl({ ...file, url: null } as unknown as Attachment, message) })),
  )
}

const read = async () => (await device.read<Index>('pictures', INDEX))?.value ?? {}

/** What falls out of the index goes from the disk in the same step. */
async function put(before: Index, after: Index, more: device.Change[] = []): Promise<void> {
  const gone = Object.keys(before).filter((hash) => !(hash in after))
  if (!gone.length && !more.length) return
  await device.write([{ shelf: 'pictures', id: INDEX, value: after }, ...gone.map((id): device.Change => ({ shelf: 'pictures', id })), ...more])
}

/** One after the other: nobody waits for them. What cannot be had is not kept. */
export async function keepPictures(wanted: Wanted[]): Promise<void> {
  const mine = device.currentOwner()
  for (const { hash, url, ...entry } of wanted) {
    if (!device.lasting.value || device.currentOwner() !== mine) return
    await alone('pictures', async () => {
      const before = await read()
      const after = fitting({ ...before, [hash]: entry })
      if (hash in before || !(hash in after)) return
      const bytes = await bytesAt(url)
      if (bytes && device.currentOwner() === mine) await put(before, after, [{ shelf: 'pictures', id: hash, value: bytes }])
    })
  }
}

async function bytesAt(url: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const answer = await fetch(url, { credentials: 'same-origin' }).catch(() => null)
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null
}

/** Only those of this work stay: what is closed, given away or no longer allowed is not there to be read. */
export async function keepOnly(stays: (of: string) => boolean): Promise<void> {
  await alone('pictures', async () => {
    const before = await read()
    await put(before, Object.fromEntries(Object.entries(before).filter(([, { of }]) => stays(of))))
  })
}
