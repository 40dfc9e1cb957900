/** What the server tells of a document that it would save: sentences at their places. */
import type { InjectionKey, Ref } from 'vue'

export interface Said { at: string; words: string }
export const ADVICE: InjectionKey<Ref<Said[]>> = Symbol('advice')
