/** What can be done now, told by whatever is on the screen, and the keyboard that does it. */
import { useEventListener } from '@vueuse/core'
import { hasInjectionContext, inject, type InjectionKey, onScopeDispose, shallowReactive } from 'vue'
import { dialogOpen, isWriting, nameOf } from '@/composables/keys'
import { type DeedName, onKey } from './table'

/** A verb that answers false leaves the key to the browser. */
export type Verbs = Partial<Record<DeedName, (event?: KeyboardEvent) => unknown>>

const offers = shallowReactive(new Set<() => Verbs>())

/** As long as the component is on the screen; asked anew each time, so what is not possible now is not offered. */
export function offer(verbs: () => Verbs): void {
  const inUse = useInUse()
  const given = () => (inUse() ? verbs() : {})
  offers.add(given)
  onScopeDispose(() => offers.delete(given))
}

/** Of several panes one is in use: what the others could do is not offered. */
export const IN_USE: InjectionKey<() => boolean> = Symbol('in use')
const always = () => true
export const useInUse = (): (() => boolean) => (hasInjectionContext() ? inject(IN_USE, always) : always)

export const offered = (): Verbs => Object.assign({}, ...[...offers].map((each) => each())) as Verbs

export function useKeyboard(): void {
  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    const key = nameOf(event)
    const names = onKey(key)
    if (!names.length) return
    const types = !/^mod\+|F\d+$/.test(key) // what a text field would take for itself
    if ((types && isWriting(event.target)) || (!key.startsWith('mod+') && (dialogOpen() || event.altKey))) return
    const verbs = offered()
    const verb = names.map((name) => verbs[name]).find(Boolean)
    if (verb && verb(event) !== false) event.preventDefault()
  })
}
