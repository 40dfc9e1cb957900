/** Customers, visitors and files. */
import type { Customer, OnlineVisitor } from './customer.types'
import { get, items, patch, post, remove } from './http'
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

export const upload = (file: File) =>
  post<StoredFile>('/files', file, {
    headers: { 'X-File-Name': encodeURIComponent(file.name), 'Content-Type': file.type || 'application/octet-stream' },
  })

export function fileUrl(file: Attachment, message?: Message): string {
  if (file.url) return file.url
  const query = new URLSearchParams({ name: file.name, ...(message ? { message: message.id } : {}) })
  return `/api/v1/files/${file.hash}?${query}`
}
