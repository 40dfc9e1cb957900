/** The end and the beginning of one's own shift: the sheet of 交接班, what was left to me, and the line for a break. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/client/roster'
import { learn } from '@/i18n'
import { useSession } from './session'

export const useRosterState = defineStore('roster', () => {
  const session = useSession()
  const sheet = ref<api.Sheet | null>(null)
  const line = ref<api.Line | null>(null)
  const unseen = ref(0)
  const ends = ref<string | null>(null)

  /** 离线 at once with empty hands; else the sheet opens. True when there is nothing to hand over. */
  async function leave(): Promise<boolean> {
    const found = await api.sheet()
    if (!found.chats.length && !found.tickets.length) {
      await session.setPresence('offline')
      return true
    }
    await learn('roster')
    sheet.value = found
    return false
  }

  async function loadLine(): Promise<void> {
    line.value = await api.myBreak()
  }

  async function join(reason: string): Promise<void> {
    line.value = await api.joinLine(reason)
  }

  async function quit(): Promise<void> {
    await api.leaveLine()
    await loadLine()
  }

  /** 在线; who comes to work and was left something reads that first: true. */
  async function begin(): Promise<boolean> {
    const came = session.presence.state === 'offline'
    await session.setPresence('online')
    await load().catch(() => undefined)
    return came && unseen.value > 0
  }

  /** What the screen of somebody at work begins with; whoever serves nobody has none of it. */
  async function load(): Promise<void> {
    const now = Date.now()
    const [mine] = await Promise.all([api.myShifts(), loadUnseen()])
    const at = mine.filter((each) => each.kind !== 'on_call' && Date.parse(each.starts_at) <= now)
    const last = mine.filter((each) => at.some((first) => first.ends_at === each.starts_at || first === each)).at(-1)
    ends.value = last?.ends_at ?? null
  }

  async function loadUnseen(): Promise<void> {
    unseen.value = (await api.received()).unseen
  }

  return { sheet, line, unseen, ends, load, leave, loadLine, join, quit, begin, loadUnseen }
})
