/** Which sheet lies over the thread; one at a time. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export type DialogName =
  | 'summary' | 'transfer' | 'assign' | 'solve' | 'confirm' | 'reopen' | 'cancel' | 'start' | 'change' | 'split' | 'why'
  | 'create' | 'due' | 'put_back' | 'wait' | 'go_on' | 'chase' | 'around' | 'merge' | 'trace' | 'complaint' | 'block' | 'priority'
  | 'promise' | 'appointment' | 'macro'

export const useDialogs = defineStore('dialogs', () => {
  const name = ref<DialogName | null>(null)
  const given = ref<string | null>(null) // whom it is opened for, where that is known before

  function open(wanted: DialogName, whom: string | null = null): void {
    given.value = whom
    name.value = wanted
  }
  const close = () => (name.value = null)
  return { name, given, open, close }
})
