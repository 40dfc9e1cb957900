/** Customers, visitors and files. */
import type { Customer, OnlineVisitor } from './customer.types'
import { localUrl, shownHere } from '@/device/files'
import { get, items, type Options, patch, post, remove } from './http'
import type { components } from './schema'
import type { Attachment, Message, StoredFile } from './types'

export const customer = (id: string) => get<Customer>(`/contacts/${id}`)
export const editCustomer = (id: string, change: { version: number; name?: string; level?: number }) =>
  patch<unknown>(`/contacts/${id}`, change)
export const link = (contact: string, other: string, reason: string) =>
  post<unknown>(`/contacts/${contact}/links`, { other, reason })
export const unlink = (id: string, reason: string) => remove<unknown>(`/links/${id}?${new URLSearchParams({ reason })}`)
export const reveal = (identity: string, reason: string) =>
  post<{ value: string }>(`/identities/${identity}/reveal`, { reason })

export const visitors = () => items<OnlineVisitor>('/visitors/online')
export const invite = (visit: string, text: string) => post<unknown>(`/visitors/${visit}/invite`, { text })

export const upload = (file: File, options: Pick<Options, 'told' | 'signal'> = {}) =>
  post<StoredFile>('/files', file, {
    ...options, headers: { 'X-File-Name': encodeURIComponent(file.name), 'Content-Type': file.type || 'application/octet-stream' },
  })

export function fileUrl(file: Attachment, message?: Message): string {
  if (file.local) return localUrl(file)
  const here = shownHere(file) || file.url
  if (here) return here
  const query = new URLSearchParams({ name: file.name, ...(message ? { message: message.id } : {}) })
  return `/api/v1/files/${file.hash}?${query}`
}

export type Reach = components['schemas']['FirstReach']

/** Where a ticket's customer could be written to first. */
export const reaches = (ticket: string) => items<Reach>(`/tickets/${ticket}/reaches`)
/** The conversation in which the next words go there. */
export const writeFirst = async (ticket: string, to: Reach): Promise<string> =>
  (await post<{ conversation_id: string }>(`/tickets/${ticket}/reaches`, { identity_id: to.identity_id, inbox_id: to.inbox_id })).conversation_id
/** What its customer took back; why it is looked at stays in the journal. */
export const revealRecalled = (message: string, reason: string) =>
  post<{ text: string; attachments: Attachment[] }>(`/messages/${message}/reveal`, { reason })
