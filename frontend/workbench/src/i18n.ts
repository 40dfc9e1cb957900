/** Both languages are JSON, loaded when first spoken. */
import { createI18n } from 'vue-i18n'
import type { Language } from '@/stores/preferences'

type Messages = Record<string, unknown>

const SPOKEN: Record<Language, () => Promise<{ default: Messages }[]>> = {
  'zh-CN': () =>
    Promise.all([
      import('./locales/zh-CN/app.json'), import('./locales/zh-CN/desk.json'), import('./locales/zh-CN/house.json'),
    ]),
  en: () =>
    Promise.all([import('./locales/en/app.json'), import('./locales/en/desk.json'), import('./locales/en/house.json')]),
}

export const i18n = createI18n({ legacy: false, locale: 'zh-CN' as string, messages: {} as Record<string, never> })

const loaded = new Set<Language>()

export async function speak(language: Language): Promise<void> {
  if (!loaded.has(language)) {
    const parts = await SPOKEN[language]()
    i18n.global.setLocaleMessage(language, Object.assign({}, ...parts.map((part) => part.default)) as never)
    loaded.add(language)
  }
  i18n.global.locale.value = language
}
