/** 门店: a shop's day, who stands there, and appointments passed on from a chat. */
import { get, items, newKey, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type Shop = Wire['ShopShape']
export type ShopDay = Wire['ShopDay']
export type Meeting = Wire['MeetingShape']
export type Glance = Wire['Glance']
export type Appointment = Wire['CounterAppointment']
export type ShopVisit = Wire['CounterVisit']
export type Slot = Wire['Slot']
export type Words = Wire['ShopWords']
export type Agreed = Wire['AppointmentShape']
export interface VisitWish {
  purpose: string
  note: string
  ticket?: { subject: string; text: string }
}

export const counters = () => items<Shop>('/counter')
export const day = (shop: string, date?: string) => get<ShopDay>('/counter/day', { shop, ...(date ? { date } : {}) })
export const meet = (shop: string, by: { text: string } | { appointment_id: string }) => post<Meeting>('/counter/meetings', { shop, ...by })
export const meeting = (id: string) => get<Meeting>(`/counter/meetings/${id}`)
export const logVisit = (id: string, wish: VisitWish, key = newKey()) => post<Meeting>(`/counter/meetings/${id}/visit`, wish, { key })
export const miss = (id: string) => post<unknown>(`/counter/appointments/${id}/miss`)

export const shops = () => items<Shop>('/shops')
export const slots = async (shop: string, date: string) => (await get<{ items: Slot[] }>(`/shops/${shop}/slots`, { date })).items
export const ofCustomer = (contact: string) => items<Appointment>(`/contacts/${contact}/appointments`)
export const book = (conversation: string, wish: { shop: string; starts_at: string; purpose: string; note: string }) =>
  post<Agreed>(`/conversations/${conversation}/appointments`, wish)
export const move = (id: string, to: { shop: string; starts_at: string }) => post<Agreed>(`/appointments/${id}/move`, to)
export const cancel = (id: string, reason: string) => post<Agreed>(`/appointments/${id}/cancel`, { reason })
