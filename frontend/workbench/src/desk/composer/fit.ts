/** What a channel takes of one message, as the server judges it. */
import type { Attachment, Capability } from '@/client/types'

const encoder = new TextEncoder()

/** How many more characters fit, below zero when there are too many; null where nothing bounds them. */
export function leftOf(can: Capability, text: string): number | null {
  const bounds = [
    can.most_chars ? can.most_chars - [...text].length : null,
    can.most_bytes ? Math.floor((can.most_bytes - encoder.encode(text).length) / 3) : null,
  ].filter((each) => each !== null)
  return bounds.length ? Math.min(...bounds) : null
}

export type FileKind = 'image' | 'voice' | 'video' | 'file'

export function kindOf(type: string): FileKind {
  const family = type.split('/')[0]
  return family === 'image' ? 'image' : family === 'audio' ? 'voice' : family === 'video' ? 'video' : 'file'
}

/** Why a file cannot go this way; empty when it can. `most` in megabytes. */
export function refusalOf(can: Capability, file: Pick<Attachment, 'type' | 'size'>): { why: '' | 'kind' | 'type' | 'size'; most: number } {
  const kinds = can.file_kinds ?? {}
  const limit = kinds[kindOf(file.type)] ?? kinds['file']
  if (!limit) return { why: 'kind', most: 0 }
  const most = Math.round(limit.most / 1048576)
  if (limit.types.length && !limit.types.includes(file.type)) return { why: 'type', most }
  return { why: file.size > limit.most ? 'size' : '', most }
}
