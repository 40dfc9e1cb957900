import styles from './launcher/style.css?inline'

/** The one element the widget adds to a page: closed to its styles, deaf to its keyboard shortcuts. */
export function openHost(): { root: HTMLElement; shadow: ShadowRoot; host: HTMLElement } {
  const host = document.createElement('yizhan-widget')
  const shadow = host.attachShadow({ mode: 'open' })
  const root = document.createElement('div')
  dress(shadow, styles)
  shadow.append(root)
  for (const type of ['keydown', 'keyup', 'keypress', 'paste']) {
    host.addEventListener(type, (event) => {
      event.stopPropagation()
    })
  }
  document.body.append(host)
  return { root, shadow, host }
}

/** A constructed sheet passes `style-src 'self'`, a <style> element does not; old browsers know only the latter. */
export function dress(shadow: ShadowRoot, styles: string): void {
  if ('adoptedStyleSheets' in shadow) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet]
    return
  }
  const style = document.createElement('style')
  style.textContent = styles
  ;(shadow as ShadowRoot).append(style)
}
