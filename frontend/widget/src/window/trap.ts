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

const focused = new WeakSet<HTMLElement>()

/** On a touch screen the keyboard would cover what was said; there the window itself takes the focus. */
export function focusOnce(box: HTMLElement | null): void {
  if (!box || focused.has(box)) return
  focused.add(box)
  const touch = matchMedia('(pointer: coarse)').matches
  const field = touch ? null : box.querySelector<HTMLElement>('textarea,input:not([hidden])')
  ;(field ?? box).focus({ preventScroll: true })
}
