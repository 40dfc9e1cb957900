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
