/** From signing in to signing out: the lists, the socket, the outbox, and coming back from sleep. */
import { useEventListener } from '@vueuse/core'
import { watch } from 'vue'
import { useConversations } from '@/stores/conversations'
import { useLive } from '@/stores/live'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { useThreads } from '@/stores/thread'
import { watchVersion } from '@/worker/version'
import { lasting } from '@/device/device'
import { anyDraft, forgetDrafts, openDrafts } from './drafts'
import { useKeeping } from './keeping'

export function useConnection() {
  const live = useLive()
  const outbox = useOutbox()
  const threads = useThreads()
  const session = useSession()
  const conversations = useConversations()

  function start(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    void openDrafts().then(() => import('@/drafts/carrying')).then(({ carry }) => carry()).catch(() => undefined) // the device has them
    void import('@/device/hoard').catch(() => undefined) // before there is no network to load it by
    void outbox.open((message) => threads.all.forEach((thread) => thread.takeMessage(message)))
    live.start(`${scheme}://${location.host}/api/v1/live`)
    void live.reload()
    void watchVersion().catch(() => undefined) // a browser that forbids it works as before
  }

  function wake(): void {
    live.link?.wake()
    outbox.hurry()
  }

  /** Of presence and load no frame is kept for those who come back. */
  async function ownState(): Promise<void> {
    const said = await session.check()
    if (!said) return
    session.takePresence(said.presence)
    conversations.takeLoad(said.load)
  }

  useKeeping()
  let broke = false
  /** Back after a break: what was written goes; whoever was only remembered is asked for. */
  watch(() => live.state, (state) => {
    if (state === 'waiting') {
      broke = true
      if (navigator.onLine) void session.check()
    }
    if (state !== 'open') return
    outbox.hurry()
    if (session.remembered) void session.load().then(live.reload)
    else if (broke) void ownState()
    broke = false
  })

  useEventListener(window, 'online', wake)
  useEventListener(window, 'pagehide', outbox.farewell)
  useEventListener(window, 'beforeunload', (event) => {
    if (!lasting.value && (outbox.all.length || anyDraft())) event.preventDefault() // the browser asks
  })
  useEventListener(document, 'visibilitychange', () => {
    if (!document.hidden) wake()
  })

  function stop(): void {
    live.stop()
    outbox.close()
    forgetDrafts()
  }

  return { start, stop }
}
