/** 数据规范: what is not written as the house wants it. */
import { get, post } from './http'
import type { components } from './schema'

type Wire = components['schemas']
export type Report = Wire['ConformanceShape']
export type FieldReport = Wire['FieldConformance']
export type Believing = Wire['BelievingShape']

export const believing = async () => (await get<{ run: Believing | null }>('/profile/rewrite')).run
export const latest = async () => (await get<{ report: Report | null }>('/conformance')).report
export const start = () => post<Report>('/conformance')
export const cancel = (id: string) => post<Report>(`/conformance/${id}/cancel`)
