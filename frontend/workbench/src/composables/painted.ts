/** What nobody waits for is drawn when the frame that is waited for has been painted. */
import { getCurrentScope, onScopeDispose, type Ref, ref, watch } from 'vue'

/** A page that is not seen paints nothing. */
const UNSEEN_MS = 120

/** Runs in a task of its own after the next painted frame; what it returns takes that back. */
export function afterPaint(run: () => void): () => void {
  let over = false
  const once = () => {
    if (over) return
    stop()
    run()
  }
  const frame = requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      once()
    }
    port2.postMessage(0)
  })
  const anyway = setTimeout(once, UNSEEN_MS)
  const stop = () => {
    over = true
    cancelAnimationFrame(frame)
    clearTimeout(anyway)
  }
  if (getCurrentScope()) onScopeDispose(stop)
  return stop
}

/** False from when `of` changes until the frame that shows the change is painted. */
export function usePainted(of: () => unknown): Ref<boolean> {
  const painted = ref(false)
  let stop: () => void = () => undefined
  watch(of, () => {
    stop()
    painted.value = false
    stop = afterPaint(() => (painted.value = true))
  }, { immediate: true, flush: 'sync' })
  onScopeDispose(() => stop())
  return painted
}
