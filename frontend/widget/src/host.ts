/** The one element the widget adds to a page: closed to its styles, deaf to its keyboard shortcuts. */
export function openHost(): { root: HTMLElement; shadow: ShadowRoot } {
  const host = document.createElement('yizhan-widget')
  const shadow = host.attachShadow({ mode: 'open' })
  const root = document.createElement('div')
  shadow.append(root)
  for (const type of ['keydown', 'keyup', 'keypress', 'paste']) {
    host.addEventListener(type, (event) => {
      event.stopPropagation()
    })
  }
  // The keyboard of a phone covers the page without resizing it; only this viewport tells what is left to be seen.
  const seen = visualViewport
  seen?.addEventListener('resize', () => {
    host.style.setProperty('--seen', `${seen.height}px`)
  })
  document.body.append(host)
  return { root, shadow }
}
