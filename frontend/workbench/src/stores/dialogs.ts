/** Which sheet lies over the thread; one at a time. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export type DialogName =
  | 'summary' | 'transfer' | 'assign' | 'solve' | 'confirm' | 'reopen' | 'cancel' | 'start' | 'change' | 'split' | 'why'
  | 'create' | 'due' | 'put_back' | 'wait' | 'go_on' | 'chase' | 'around' | 'merge' | 'trace' | 'complaint' | 'block' | 'priority'
  | 'promise' | 'appointment'

export const useDialogs = defineStore('dialogs', () => {
  const name = ref<DialogName | null>(null)
  const open = (wanted: DialogName) => (name.value = wanted)
  const close = () => (name.value = null)
  return { name, open, close }
})
