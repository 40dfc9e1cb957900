import type { IconName, Look, Word } from '../look'

declare const __LOOK_VERSION__: string

let look: Look
const sheet = 'replaceSync' in CSSStyleSheet.prototype ? new CSSStyleSheet() : null

export const say = (word: Word, value: string | number = '') => look.words[word].replace('%', String(value))
export const iconPath = (name: IconName) => look.icons[name]
export const emoji = () => [...look.emoji]

/** Words and styles in the visitor's language, English where we do not know it. Browsers keep them. */
export async function loadLook(base: string, locale: string, shadow: ShadowRoot): Promise<void> {
  const language = locale.startsWith('zh') ? 'zh' : 'en'
  const response = await fetch(`${base}/widget/look/${language}?v=${__LOOK_VERSION__}`)
  if (!response.ok) throw new Error(`look ${response.status}`)
  look = (await response.json()) as Look
  dress(shadow)
}

/** A constructed sheet passes `style-src 'self'`, a <style> element does not; old browsers know only the latter. */
function dress(shadow: ShadowRoot): void {
  if (sheet) {
    sheet.replaceSync(look.styles)
    shadow.adoptedStyleSheets = [sheet]
    return
  }
  const style = document.createElement('style')
  style.textContent = look.styles
  shadow.append(style)
}
