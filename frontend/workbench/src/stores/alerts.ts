/** What calls for attention: a sound each its own, and the desktop when nobody looks. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { newKey } from '@/client/http'
import { play } from '@/composables/sound'
import type { AlertFrame } from '@/live/frames'
import { useAppearance } from './appearance'
import { usePreferences } from './preferences'

export interface Alert {
  id: string
  kind: AlertFrame['kind']
  conversation_id: string | null
  text: string
  at: number
  seen: boolean
}

const KEPT = 30
const ONCE_MS = 1_000 // a crowd of one kind is heard once

export const useAlerts = defineStore('alerts', () => {
  const preferences = usePreferences()
  const { kept } = useAppearance()
  const all = ref<Alert[]>([])
  const rung = new Map<Alert['kind'], number>()
  let show: (alert: Alert) => void = () => undefined

  function onShow(then: typeof show): void {
    show = then
  }

  function take(frame: AlertFrame): void {
    const { kind, conversation_id, text } = frame
    const alert: Alert = { id: newKey(), kind, conversation_id, text, at: Date.now(), seen: false }
    all.value = [alert, ...all.value].slice(0, KEPT)
    if (preferences.sound && !kept.silent.includes(kind)) ring(kind, alert.at)
    if (document.hidden && preferences.desktop) show(alert)
  }

  function ring(kind: Alert['kind'], at: number): void {
    if (Math.abs(at - (rung.get(kind) ?? 0)) < ONCE_MS) return
    rung.set(kind, at)
    play(kind, kept.volume)
  }

  function seen(): void {
    all.value = all.value.map((alert) => ({ ...alert, seen: true }))
  }

  function answered(conversation: string): void {
    all.value = all.value.map((alert) => (alert.conversation_id === conversation ? { ...alert, seen: true } : alert))
  }

  return { all, take, seen, answered, onShow }
})
