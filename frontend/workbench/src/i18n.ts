/** Both languages are JSON, loaded when first spoken; what only administrators read is learned when they come. */
import { createI18n } from 'vue-i18n'
import type { Language } from '@/stores/preferences'

type Messages = Record<string, unknown>
type Loaded = { default: Messages }
type Part = 'desk' | 'guide' | 'admin' | 'complaints' | 'monitor' | 'roster' | 'review' | 'ratings' | 'why' | 'simulation' | 'customers' | 'segments' | 'counter' | 'connectors' | 'appearance' | 'replies' | 'hands' | 'macros'

const BOOKS: Record<Part, Record<Language, () => Promise<Loaded[]>>> = {
  desk: {
    'zh-CN': async () => (await import('./locales/zh-CN/first')).default.map((words) => ({ default: words })),
    en: async () => (await import('./locales/en/first')).default.map((words) => ({ default: words })),
  },
  guide: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/guide.json')]),
    en: () => Promise.all([import('./locales/en/guide.json')]),
  },
  monitor: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/monitor.json')]),
    en: () => Promise.all([import('./locales/en/monitor.json')]),
  },
  roster: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/roster.json')]),
    en: () => Promise.all([import('./locales/en/roster.json')]),
  },
  complaints: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/complaints.json')]),
    en: () => Promise.all([import('./locales/en/complaints.json')]),
  },
  ratings: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/ratings.json')]),
    en: () => Promise.all([import('./locales/en/ratings.json')]),
  },
  why: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/why.json')]),
    en: () => Promise.all([import('./locales/en/why.json')]),
  },
  simulation: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/simulation.json')]),
    en: () => Promise.all([import('./locales/en/simulation.json')]),
  },
  counter: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/counter.json')]),
    en: () => Promise.all([import('./locales/en/counter.json')]),
  },
  customers: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/customers.json')]),
    en: () => Promise.all([import('./locales/en/customers.json')]),
  },
  segments: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/segments.json')]),
    en: () => Promise.all([import('./locales/en/segments.json')]),
  },
  appearance: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/appearance.json')]),
    en: () => Promise.all([import('./locales/en/appearance.json')]),
  },
  connectors: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/connectors.json')]),
    en: () => Promise.all([import('./locales/en/connectors.json')]),
  },
  hands: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/hands.json')]),
    en: () => Promise.all([import('./locales/en/hands.json')]),
  },
  macros: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/macros.json')]),
    en: () => Promise.all([import('./locales/en/macros.json')]),
  },
  replies: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/replies.json')]),
    en: () => Promise.all([import('./locales/en/replies.json')]),
  },
  review: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/review.json'), import('./locales/zh-CN/resolution.json')]),
    en: () => Promise.all([import('./locales/en/review.json'), import('./locales/en/resolution.json')]),
  },
  admin: {
    'zh-CN': () => Promise.all([import('./locales/zh-CN/admin.json'), import('./locales/zh-CN/audit.json')]),
    en: () => Promise.all([import('./locales/en/admin.json'), import('./locales/en/audit.json')]),
  },
}

export const i18n = createI18n({ legacy: false, locale: 'zh-CN' as string, messages: {} as Record<string, never> })

const needed = new Set<Part>(['desk'])
const loaded = new Set<string>()
let refusals: Record<string, string> = {}

/** The server refuses in English; where a refusal has words of its own, they are here, else null. */
export const refusalIn = (english: string): string | null =>
  i18n.global.locale.value === 'zh-CN' ? (refusals[english] ?? null) : null

export async function speak(language: Language): Promise<void> {
  await Promise.all([...needed].map((part) => open(part, language)))
  i18n.global.locale.value = language
  // The first page does not wait for sentences about what went wrong.
  if (language === 'zh-CN') void import('./refusals.zh-CN.json').then((found) => (refusals = found.default))
}

/** Before a page that says more is shown. */
export async function learn(part: Part): Promise<void> {
  needed.add(part)
  await open(part, i18n.global.locale.value as Language)
}

async function open(part: Part, language: Language): Promise<void> {
  if (loaded.has(part + language)) return
  for (const { default: messages } of await BOOKS[part][language]()) i18n.global.mergeLocaleMessage(language, messages as never)
  loaded.add(part + language)
}
