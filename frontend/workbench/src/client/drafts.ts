/** 草稿 on the server: one a conversation, for the other devices of whoever wrote it. */
import type { Options } from './http'
import { get, put } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type OtherDraft = Wire['DraftShape']
export type DeviceKind = Wire['DraftDevice']

export interface Carried {
  text: string
  note: boolean
  attachments: { hash: string; name: string; type: string; size: number }[]
  device: DeviceKind
  base: string | null
}

export const draftOf = async (conversation: string) => (await get<Wire['DraftAnswer']>(`/conversations/${conversation}/draft`)).draft
export const keepDraft = async (conversation: string, draft: Carried, options?: Options) =>
  (await put<Wire['DraftKept']>(`/conversations/${conversation}/draft`, draft, options)).version
