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
  onward: boolean
  customer: boolean
}

function defaults(): Kept {
  const dark = typeof matchMedia === 'function' && matchMedia('(prefers-color-scheme: dark)').matches
  const language = navigator.language.startsWith('zh') ? 'zh-CN' : 'en'
  return { theme: dark ? 'dark' : 'light', language, sound: true, desktop: true, undo: true, onward: false, customer: true }
}

export const usePreferences = defineStore('preferences', () => {
  const kept = { ...defaults(), ...readKept<Partial<Kept>>('preferences', {}) }
  const theme = ref<Theme>(kept.theme)
  const language = ref<Language>(kept.language)
  const sound = ref(kept.sound)
  const desktop = ref(kept.desktop)
  const undo = ref(kept.undo)
  const onward = ref(kept.onward) // after a send, whoever waits longest is opened
  const customer = ref(kept.customer)

  function show(): void {
    document.documentElement.classList.toggle('dark', theme.value === 'dark')
    document.documentElement.lang = language.value
    document.querySelector('link[rel=manifest]')?.setAttribute('href', `${import.meta.env.BASE_URL}manifest.${language.value.slice(0, 2)}.webmanifest`)
    // An installed window wears the colour of the rail, as the design does.
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', getComputedStyle(document.documentElement).getPropertyValue('--nav'))
  }

  watch([theme, language, sound, desktop, undo, onward, customer], () => {
    show()
    const now: Kept = {
      theme: theme.value, language: language.value, sound: sound.value, desktop: desktop.value, undo: undo.value, onward: onward.value,
      customer: customer.value,
    }
    writeKept('preferences', now)
  })

  return { theme, language, sound, desktop, undo, onward, customer, show }
})
