/** The message that a supervisor is about to put somebody on the blacklist for. */
import { shallowRef } from 'vue'
import type { Message } from '@/client/types'

export const blocking = shallowRef<Message | null>(null)
