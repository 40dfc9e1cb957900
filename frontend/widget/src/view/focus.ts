const REACHABLE = 'button:not(:disabled),textarea:not(:disabled),input:not([hidden]),select,a[href],[tabindex="0"]'

/** Keeps Tab inside the open window. */
export function trapFocus(event: KeyboardEvent, box: HTMLElement): void {
  if (event.key !== 'Tab') return
  const stops = [...box.querySelectorAll<HTMLElement>(REACHABLE)]
  const active = (box.getRootNode() as ShadowRoot).activeElement
  const edge = event.shiftKey ? stops[0] : stops.at(-1)
  if (active !== edge && active !== box) return
  event.preventDefault()
  ;(event.shiftKey ? stops.at(-1) : stops[0])?.focus()
}

const focused = new WeakSet<Element>()

/**
 * What just appeared takes the focus: the window, a form in it. On a touch screen the keyboard would cover what was
 * said; there the box itself is focused and not its field.
 */
export function focusFirst(shadow: ShadowRoot): void {
  const touch = matchMedia('(pointer: coarse)').matches
  for (const box of shadow.querySelectorAll<HTMLElement>('[tabindex="-1"]')) {
    if (focused.has(box)) continue
    focused.add(box)
    const field = touch ? null : box.querySelector<HTMLElement>('textarea,input:not([hidden])')
    ;(field ?? box).focus({ preventScroll: true })
  }
}
