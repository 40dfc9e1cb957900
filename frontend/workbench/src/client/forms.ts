/** A ticket's own fields: what its form asks for, tried while somebody types, filled in. */
import { get, post, put } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type FieldValue = string | number | string[] | null
export type FormField = Omit<Wire['TicketField'], 'value' | 'options' | 'required'> & {
  value: FieldValue
  options: { key: string; zh: string; en: string }[]
  required: string[]
}
export type Form = { version: number; type: string; fields: FormField[] }
export type Values = Record<string, FieldValue>

export const form = (ticket: string) => get<Form>(`/tickets/${ticket}/form`)
export const tryForm = (ticket: string, fields: Values, type?: string) => post<Form>(`/tickets/${ticket}/form`, { fields, type: type ?? null })
export const fill = (ticket: string, version: number, fields: Values) => put<Form>(`/tickets/${ticket}/fields`, { version, fields })
export const revealField = (ticket: string, key: string, reason: string) =>
  post<{ value: string }>(`/tickets/${ticket}/fields/${key}/reveal`, { reason })
