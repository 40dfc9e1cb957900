/** The hours and the channels of what was chosen: the whole house's come with its figures, a part's are asked for. */
import { computed, ref, watch } from 'vue'
import type { Ref } from 'vue'
import * as client from '@/client/monitor'
import type { Chart } from '@/client/monitor'
import { OF_CHANNEL, useMonitor } from '@/stores/monitor'

const OLD_MS = 10_000

export function useChart(scope: Ref<string>) {
  const monitor = useMonitor()
  const part = ref<{ scope: string; at: number; chart: Chart } | null>(null)

  async function ask(wanted: string): Promise<void> {
    const channel = wanted.startsWith(OF_CHANNEL)
    const chart = await client.chart(channel ? 'channel' : 'team', channel ? wanted.slice(OF_CHANNEL.length) : wanted)
    if (scope.value === wanted) part.value = { scope: wanted, at: Date.now(), chart }
  }

  watch([scope, () => monitor.figures], ([wanted]) => {
    const known = part.value
    if (wanted && (known?.scope !== wanted || Date.now() - known.at > OLD_MS)) void ask(wanted).catch(() => undefined)
  })
  return computed<Chart | null>(() => (scope.value ? (part.value?.scope === scope.value ? part.value.chart : null) : monitor.figures))
}
