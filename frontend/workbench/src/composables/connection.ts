/** From signing in to signing out: the lists, the socket, the outbox, and coming back from sleep. */
import { useEventListener } from '@vueuse/core'
import { useLive } from '@/stores/live'
import { useOutbox } from '@/stores/outbox'
import { useThread } from '@/stores/thread'

export function useConnection() {
  const live = useLive()
  const outbox = useOutbox()
  const thread = useThread()

  function start(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    outbox.open((message) => thread.takeMessage(message))
    live.start(`${scheme}://${location.host}/api/v1/live`)
    void live.reload()
  }

  function wake(): void {
    live.link?.wake()
    outbox.hurry()
  }

  useEventListener(window, 'online', wake)
  useEventListener(window, 'pagehide', outbox.farewell)
  useEventListener(document, 'visibilitychange', () => {
    if (!document.hidden) wake()
  })

  return { start, stop: live.stop }
}
