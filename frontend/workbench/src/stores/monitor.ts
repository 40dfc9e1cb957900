/** The numbers of the monitor as they come, once a second while it is on the screen. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import * as monitor from '@/client/monitor'
import type { Figures, Goal, Steps } from '@/client/monitor'

export type Tone = '' | 'amber' | 'red' | 'green'

export const OF_CHANNEL = 'channel:'

export const useMonitor = defineStore('monitor', () => {
  const figures = shallowRef<Figures | null>(null)
  const steps = shallowRef<Steps>({ measures: [], helps: [] })
  const goals = shallowRef<Record<string, Goal>>({})
  const bad = shallowRef(new Map<string, boolean | null>())
  const scopes = shallowRef(new Map<string, string[]>())
  const answerSeconds = ref(20)
  const watching = ref(false)
  const ready = computed(() => figures.value?.ready ?? false)

  async function load(): Promise<void> {
    const said = await monitor.board()
    takeFigures(said.figures as unknown as Record<string, unknown>)
    steps.value = said.steps
    goals.value = said.targets
    answerSeconds.value = said.answer_s
    bad.value = new Map(said.metrics.map((metric) => [metric.name, metric.high_is_bad]))
    scopes.value = new Map(said.metrics.map((metric) => [metric.name, metric.scopes]))
  }

  function takeFigures(row: Record<string, unknown>): void {
    figures.value = row as unknown as Figures
  }

  function takeSteps(row: Record<string, unknown>): void {
    steps.value = row as unknown as Steps
  }

  /** Of the whole house, of a team by its id, or of a channel: `channel:email`. */
  function value(name: string, scope = ''): number | undefined {
    const told = figures.value
    if (scope.startsWith(OF_CHANNEL)) return told?.channel[scope.slice(OF_CHANNEL.length)]?.[name]
    return scope ? told?.team[scope]?.[name] : told?.all[name]
  }

  const isCounted = (name: string, by: string) => scopes.value.get(name)?.includes(by) ?? false

  function tone(name: string, number: number | undefined): Tone {
    const goal = goals.value[name]
    if (!goal || number === undefined) return ''
    const beyond = (bound: number) => (bad.value.get(name) ? number >= bound : number <= bound)
    return beyond(goal.red) ? 'red' : beyond(goal.amber) ? 'amber' : 'green'
  }

  return { figures, steps, goals, answerSeconds, watching, ready, load, takeFigures, takeSteps, value, isCounted, tone }
})
