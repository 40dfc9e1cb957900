/** How this browser likes it: language, colours, sound, undo. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { readKept, writeKept } from '@/composables/kept'

export type Theme = 'light' | 'dark'
export type Language = 'zh-CN' | 'en'

interface Kept {
  theme: Theme
  language: Language
  sound: boolean
  desktop: boolean
  undo: boolean
  customer: boolean
}

function defaults(): Kept {
  const dark = typeof matchMedia === 'function' && matchMedia('(prefers-color-scheme: dark)').matches
  const language = navigator.language.startsWith('zh') ? 'zh-CN' : 'en'
  return { theme: dark ? 'dark' : 'light', language, sound: true, desktop: true, undo: true, customer: true }
}

export const usePreferences = defineStore('preferences', () => {
  const kept = { ...defaults(), ...readKept<Partial<Kept>>('preferences', {}) }
  const theme = ref<Theme>(kept.theme)
  const language = ref<Language>(kept.language)
  const sound = ref(kept.sound)
  const desktop = ref(kept.desktop)
  const undo = ref(kept.undo)
  const customer = ref(kept.customer)

  function show(): void {
    document.documentElement.classList.toggle('dark', theme.value === 'dark')
    document.documentElement.lang = language.value
  }

  watch([theme, language, sound, desktop, undo, customer], () => {
    show()
    const now: Kept = {
      theme: theme.value, language: language.value, sound: sound.value, desktop: desktop.value, undo: undo.value,
      customer: customer.value,
    }
    writeKept('preferences', now)
  })

  return { theme, language, sound, desktop, undo, customer, show }
})
