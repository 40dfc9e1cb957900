/** How this browser looks and sounds: density, contrast, the zone of its times, how loud, and which sounds are silent. */
import { defineStore } from 'pinia'
import { reactive, watch } from 'vue'
import { readKept, writeKept } from '@/composables/kept'
import type { AlertKind } from '@/live/frames'

export type Density = 'comfortable' | 'compact'
/** `auto` asks the device. */
export type Contrast = 'auto' | 'more'

export interface Appearance {
  density: Density
  contrast: Contrast
  /** IANA name; empty for the device's own. */
  zone: string
  /** 0 to 100. */
  volume: number
  silent: AlertKind[]
}

const PLAIN: Appearance = { density: 'comfortable', contrast: 'auto', zone: '', volume: 60, silent: [] }
const deviceWantsMore = () => typeof matchMedia === 'function' && matchMedia('(prefers-contrast: more)').matches

export const useAppearance = defineStore('appearance', () => {
  const kept = reactive<Appearance>({ ...PLAIN, ...readKept<Partial<Appearance>>('appearance', {}) })

  function show(): void {
    const { classList } = document.documentElement
    classList.toggle('compact', kept.density === 'compact')
    classList.toggle('contrast', kept.contrast === 'more' || deviceWantsMore())
  }

  function hear(kind: AlertKind, heard: boolean): void {
    kept.silent = heard ? kept.silent.filter((each) => each !== kind) : [...new Set([...kept.silent, kind])]
  }

  watch(kept, () => {
    show()
    writeKept('appearance', { ...kept })
  })
  if (typeof matchMedia === 'function') matchMedia('(prefers-contrast: more)').addEventListener?.('change', show)

  return { kept, show, hear }
})
