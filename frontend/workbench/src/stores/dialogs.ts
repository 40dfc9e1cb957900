/** Which sheet lies over the thread; one at a time. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { useThreads } from './thread'

export type DialogName =
  | 'summary' | 'transfer' | 'assign' | 'solve' | 'confirm' | 'reopen' | 'cancel' | 'start' | 'change' | 'split' | 'why'
  | 'create' | 'due' | 'put_back' | 'wait' | 'go_on' | 'chase' | 'around' | 'merge' | 'trace' | 'complaint' | 'block' | 'priority'
  | 'promise' | 'appointment' | 'macro'

export const useDialogs = defineStore('dialogs', () => {
  const name = ref<DialogName | null>(null)
  const pane = ref(0) // whose thread it is about
  const given = ref<string | null>(null) // whom it is opened for, where that is known before

  function open(wanted: DialogName, whom: string | null = null): void {
    given.value = whom
    pane.value = useThreads().used.id
    name.value = wanted
  }
  const close = () => (name.value = null)
  return { name, pane, given, open, close }
})
