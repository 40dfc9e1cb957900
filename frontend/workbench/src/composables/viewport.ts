/** The keyboard of a phone covers the page: what is left is told to the styles, so that the composer stays above it. */
export function fitAboveKeyboard(page: HTMLElement = document.documentElement): void {
  const seen = window.visualViewport
  if (!seen || !matchMedia('(pointer: coarse)').matches) return
  const fit = () => {
    if (seen.scale > 1.01) return // somebody looks closer: nothing moves under his fingers
    page.style.setProperty('--seen', `${Math.round(seen.height)}px`)
    window.scrollTo(0, 0)
  }
  seen.addEventListener('resize', fit)
  fit()
}
