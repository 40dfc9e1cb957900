/** What is done with panes: the address says which stand side by side, and this device remembers it. */
import { nextTick } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { readKept, writeKept } from '@/composables/kept'
import { useMedia } from '@/composables/media'
import { say } from '@/composables/toast'
import { learn } from '@/i18n'
import { useConversations } from '@/stores/conversations'
import { usePanes } from '@/stores/panes'
import { useSession } from '@/stores/session'
import { type Pane, type Place, useThreads } from '@/stores/thread'
import { wantField } from '../eager'
import { beside, go, MOST, NONE, read, replace, same, type Split, tiled, turned, without, written } from './set'

/** What a link of the desk leads to. */
export function placeOf(from: EventTarget | null | undefined): Place | null {
  const link = from instanceof Element ? from.closest('a') : null
  const found = link && /\/desk\/([ct])\/([\w-]+)$/.exec(link.pathname)
  return found ? ({ kind: found[1], id: found[2] } as Place) : null
}

export function useSplit() {
  const { t } = useI18n()
  const route = useRoute()
  const router = useRouter()
  const threads = useThreads()
  const panes = usePanes()
  const session = useSession()
  const conversations = useConversations()
  const { phone } = useMedia()
  const shelf = () => `split.${session.agent?.id ?? ''}`
  const remembered = (used: Place | null) => read(readKept(shelf(), ''), used)
  const addressOf = (next: Split) => {
    const split = written(next)
    return { name: 'desk', params: next.places[next.at] ? { ...next.places[next.at] } : {}, query: split ? { split } : {} }
  }
  /** Shown by another pane than the one in use, perhaps as the ticket of its conversation. */
  const elsewhere = (to: Place) => {
    const there = threads.showing(to)
    return there === threads.split.at ? -1 : there
  }

  async function tell(word: string, values: Record<string, unknown> = {}): Promise<void> {
    await learn('hands')
    say(t(word, values))
  }

  function arrange(next: Split): void {
    threads.arrange(next)
    const split = written(next)
    if (split) writeKept(shelf(), split)
  }

  /** A link leads into the panes that stand; one that names panes says how they stand. */
  function arrive(used: Place): Split {
    const kept = threads.split.places.length ? null : remembered(null)
    return kept?.places.some((each) => same(each, used)) ? go(kept, used) : go(threads.split, used, elsewhere(used))
  }

  /** The panes as the address says. */
  function follow(): void {
    if (route.name !== 'desk') return
    const { kind, id } = route.params
    const used = (kind === 'c' || kind === 't') && typeof id === 'string' && id ? { kind, id } as Place : null
    const said = read(route.query['split'], used)
    const back = used || phone.value ? null : threads.split.places.length > 1 ? threads.split : remembered(null)
    const next = said ?? back ?? (used ? arrive(used) : NONE)
    panes.hide()
    arrange(next)
    if (!said && written(next)) void router.replace(addressOf(next))
  }

  const use = (pane: Pane) => {
    if (threads.used === pane) return
    threads.use(pane)
    void router.replace(addressOf(threads.split))
  }

  /** One more beside what is in use, or before the pane it was dropped at. */
  function open(place: Place, before?: number): void {
    const next = beside(threads.split, place, before, threads.showing(place))
    if (next) void router.push(addressOf(next))
    else void tell('panes.full', { n: MOST })
  }

  const putAt = (place: Place, at: number) => void router.push(addressOf(replace(threads.split, place, at, elsewhere(place))))

  function close(pane: Pane): void {
    const next = without(threads.split, threads.panes.indexOf(pane))
    if (!written(next)) writeKept(shelf(), '')
    arrange(next) // an address without panes leads into those that stand
    void router.push(addressOf(next)).then(enter)
  }

  /** The hands go where the eyes are. */
  async function enter(): Promise<void> {
    await nextTick()
    const pane = document.querySelector(`[data-pane="${threads.used.id}"]`)
    const field = pane?.querySelector<HTMLElement>('textarea:not(:disabled)') ?? pane?.querySelector<HTMLElement>('[role=log]')
    if (field) field.focus()
    else wantField() // as soon as it stands
  }

  function turn(by: number): void {
    const next = turned(threads.split, by)
    void router.replace(addressOf(next)).then(enter)
  }

  /** My chats that are not shown, whoever waits longest first. */
  const others = (): Place[] =>
    [...conversations.mine]
      .filter((row) => !threads.holding(row.id).length)
      .sort((a, b) => (a.waiting_since ?? '9').localeCompare(b.waiting_since ?? '9'))
      .map((row) => ({ kind: 'c', id: row.id }))

  function another(event?: KeyboardEvent): void {
    const place = placeOf(event?.target) ?? others()[0]
    if (place) open(place)
    else void tell('panes.nobody')
  }

  const tile = () => void router.push(addressOf(tiled(threads.split, others())))

  const verbs = () => ({
    beside: another,
    ...(others().length && threads.split.places.length < MOST ? { tile } : {}),
    ...(threads.panes.length > 1 ? { next_pane: () => turn(1), previous_pane: () => turn(-1), close_pane: () => close(threads.used) } : {}),
  })

  return { follow, use, open, putAt, close, verbs }
}
