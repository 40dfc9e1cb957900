/** Segments as the pages show them: read when first needed, and anew after every change. */
import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import * as client from '@/client/segments'
import type { Segment, SegmentList } from '@/client/segments'
import { sentenceOf } from '@/composables/problems'

/** In the place of a name: one that is not made yet. No name begins so. */
export const NEW = '-'
export const COLORS = ['', 'blue', 'green', 'amber', 'red', 'violet'] as const
const LOOK_MS = 2500

export function useSegments() {
  const { locale } = useI18n()
  const list = shallowRef<SegmentList | null>(null)
  const problem = ref('')
  let timer = 0

  /** Members are found within seconds after a change: asked again until all are. */
  async function reload(): Promise<void> {
    try {
      take(await client.all())
    } catch (said) {
      problem.value = sentenceOf(said)
    }
  }

  function take(told: SegmentList): void {
    list.value = told
    problem.value = ''
    window.clearTimeout(timer)
    if (!told.settled) timer = window.setTimeout(() => void reload(), LOOK_MS)
  }

  onMounted(reload)
  onBeforeUnmount(() => window.clearTimeout(timer))
  const english = computed(() => locale.value === 'en')
  const titleOf = (of: { title: Segment['title'] }) => (english.value ? of.title.en : of.title.zh)
  const noteOf = (of: Segment) => (english.value && of.note_en) || of.note
  const saidOf = (of: Segment) => (english.value ? of.en : of.zh)
  const share = (members: number) => (list.value?.known ? members / list.value.known : 0)
  return { list, problem, reload, take, titleOf, noteOf, saidOf, share, english }
}

export const percent = (share: number, locale: string) =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0 }).format(share)
export const whole = (n: number, locale: string) => new Intl.NumberFormat(locale).format(n)
