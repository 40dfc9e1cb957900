/** How far one is with the guide, the same on every device. */
import { get, put } from './http'
import type { components } from './schema'

export type Walk = components['schemas']['GuideShape']
export type Course = Walk['course']

export const walk = (course: Course) => get<Walk>('/guide', { course })
export const goOn = (step: { course: Course; round: number; done?: string[]; state?: Walk['state'] }) => put<Walk>('/guide', step)
