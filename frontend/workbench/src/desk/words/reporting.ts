/** The message whose 举报 menu is open. It is kept beside the thread, so the menu stays open whatever the thread redraws. */
import { shallowRef } from 'vue'
import type { Message } from '@/client/types'

export const reporting = shallowRef<Message | null>(null)
