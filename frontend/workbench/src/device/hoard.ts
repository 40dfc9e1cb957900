/** Files of an agent without a network, put away and brought to the server later: rarely needed, so loaded then. */
import { newKey } from '@/client/http'
import * as people from '@/client/people'
import type { Attachment } from '@/client/types'
import { i18n } from '@/i18n'
import * as device from './device'

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

export async function keep(file: File): Promise<Attachment> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const hash = globalThis.crypto?.subtle ? hex(await crypto.subtle.digest('SHA-256', bytes)) : newKey()
  await device.write([{ shelf: 'files', id: hash, value: bytes }])
  return { hash, name: file.name, type: file.type || 'application/octet-stream', size: file.size, inline: false, local: true }
}

export async function bring(file: Attachment): Promise<Attachment> {
  const kept = await device.read<Uint8Array<ArrayBuffer>>('files', file.hash)
  if (!kept) throw new Error(i18n.global.t('message.file_gone', { name: file.name }))
  return { ...(await people.upload(new File([kept.value], file.name, { type: file.type }))), inline: false }
}

/** Unless the same picture waits in another message, or in a draft. */
export async function drop(files: Attachment[]): Promise<void> {
  await device.settled()
  type Row = { attachments: Attachment[] }
  const rows = [...(await device.readAll<Row>('outbox')), ...(await device.readAll<Row>('drafts'))]
  const named = new Set(rows.flatMap(({ value }) => value.attachments.filter((file) => file.local).map((file) => file.hash)))
  await device.write(files.filter((file) => !named.has(file.hash)).map((file) => ({ shelf: 'files', id: file.hash })))
}
