/** A sound each for a new chat, a waiting customer, being named, an offer, a failure: told apart without looking. */
import type { AlertKind } from '@/live/frames'

const TUNES: Record<AlertKind, number[]> = {
  new_chat: [660, 880],
  waiting: [440, 440, 440],
  mention: [988],
  offer: [523, 659, 784],
  failed: [330, 247],
  notice: [784, 659],
}
const NOTE_S = 0.11
const LOUD = 0.16

let context: AudioContext | null = null

/** `volume` from 0 to 100. Browsers let a page sound only after it was touched: before that nothing is heard, and nothing breaks. */
export function play(kind: AlertKind, volume: number): void {
  if (typeof AudioContext === 'undefined' || volume <= 0) return
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
  TUNES[kind].forEach((pitch, index) => sound(context as AudioContext, pitch, index * NOTE_S * 1.25, (LOUD * volume) / 100))
}

function sound(on: AudioContext, pitch: number, after: number, loud: number): void {
  const start = on.currentTime + after
  const tone = on.createOscillator()
  const volume = on.createGain()
  tone.frequency.value = pitch
  tone.type = 'sine'
  volume.gain.setValueAtTime(0, start)
  volume.gain.linearRampToValueAtTime(loud, start + 0.015)
  volume.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_S)
  tone.connect(volume).connect(on.destination)
  tone.start(start)
  tone.stop(start + NOTE_S)
}
