/** 导入: a file sent up in parts, looked into, tried, taken in. */
import { get, items, post, put } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type Import = Wire['FileImportShape']
export type Look = Wire['ImportLook']
export type Target = Wire['ImportTarget']
export type Plan = Wire['ImportPlan']
export type Encoding = NonNullable<Look['encoding']>
export const ENCODINGS: Encoding[] = ['utf-8-sig', 'gb18030', 'utf-16', 'utf-16-le', 'utf-16-be']

export const imports = () => items<Import>('/imports')
export const one = (id: string) => get<Import>(`/imports/${id}`)
export const look = (id: string, how: { encoding?: Encoding; delimiter?: string; sheet?: string } = {}) => post<Look>(`/imports/${id}/look`, how)
export const start = (id: string, plan: Plan, dry: boolean) => post<Import>(`/imports/${id}/start`, { plan, dry })
export const cancel = (id: string) => post<Import>(`/imports/${id}/cancel`)
export const faultsUrl = (id: string, language: string) => `/api/v1/imports/${id}/faults.csv?lang=${language}`

export async function send(file: File, kind: Import['kind'], source: string, tell: (share: number) => void): Promise<Import> {
  const made = await post<Import>('/imports', { kind, source, name: file.name, size: file.size })
  for (let at = 0; at < file.size; at += made.part_bytes) {
    await put(`/imports/${made.id}/parts/${at / made.part_bytes}`, file.slice(at, at + made.part_bytes))
    tell(Math.min(1, (at + made.part_bytes) / file.size))
  }
  return made
}
