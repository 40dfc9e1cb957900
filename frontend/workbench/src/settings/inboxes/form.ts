/** One inbox being set up or changed: its values, a trial of the connection, and saving it. */
import { computed, reactive, ref, watch } from 'vue'
import * as admin from '@/client/admin'
import * as settings from '@/client/settings'
import type { Channel, Check, Inbox } from '@/client/types'
import { useChannels } from '@/stores/channels'
import { useReference } from '@/stores/reference'
import { useWrong } from '../wrong'
import { fieldsOf, readPath, settingsOf, shownFields, valuesOf, writePath } from './fields'
import { LISTS, cleaned } from './parts'

export type Hours = Record<string, unknown>
export type InboxForm = ReturnType<typeof useInboxForm>

export function useInboxForm(channel: Channel, inbox: Inbox | null) {
  const reference = useReference()
  const { at: wrong, tried } = useWrong()
  const fields = fieldsOf(channel, useChannels().find(channel))
  const before = inbox?.settings ?? {}
  const head = reactive({
    name: inbox?.name ?? '', team_id: inbox?.team_id ?? '', enabled: inbox?.enabled ?? true,
    brand_id: inbox?.brand_id ?? reference.house.brands[0]?.id ?? '',
  })
  // The page may be the first one opened: the names of the house are still on their way.
  watch(() => reference.house.brands[0]?.id, (first) => (head.brand_id ||= first ?? ''))
  const values = reactive(valuesOf(fields, before))
  const hours = ref<Hours>((readPath(before, 'calendar') as Hours | undefined) ?? {})
  const lists = reactive(Object.fromEntries(LISTS.map((list) => [list.path, (readPath(before, list.path) as Hours[] | undefined) ?? []])))
  const checks = ref<Check[] | null>(null)
  const testing = ref(false)
  const saving = ref(false)

  const shown = computed(() => shownFields(fields, values))
  const wish = computed(() => {
    const said = settingsOf(fields, values, before)
    if (channel === 'webchat' && (Object.keys(hours.value).length || 'calendar' in before)) said.settings['calendar'] = hours.value
    if (channel === 'webchat') {
      for (const [path, items] of Object.entries(lists)) {
        if (items.length || readPath(before, path) !== undefined) writePath(said.settings, path, cleaned(items))
      }
    }
    return said
  })
  const ready = computed(() => head.name.trim() !== '' && shown.value.every((field) => !field.required || values[field.path]))
  /** Inboxes of the same brand: only on those may this one lean. */
  const beside = (of?: Channel | 'sms') =>
    reference.house.inboxes.filter((each) => (each.channel === of || each.channel.startsWith(`${of}_`)) && each.brand_id === (inbox?.brand_id ?? head.brand_id))
  const kept = (secret: string) => inbox?.secrets_set.includes(secret) ?? false

  /** The servers of a known provider, once the address is written and nothing else is. */
  async function suggest(): Promise<void> {
    const address = values['address'] ?? ''
    if (channel !== 'email' || values['incoming.host'] || values['outgoing.host'] || !/.@.+\../.test(address)) return
    const found = (await admin.suggestServers(address).catch(() => null))?.settings
    if (!found) return
    for (const field of fields) {
      const value = readPath(found, field.path)
      if (value !== undefined && field.path !== 'address') values[field.path] = String(value)
    }
  }

  async function test(): Promise<boolean> {
    testing.value = true
    checks.value = null
    let well = false
    await tried(async () => {
      const { settings: set, secrets } = wish.value
      const work = inbox ? settings.tryInbox(inbox.id, set, secrets) : settings.trySettings(channel, set, secrets)
      const said = (await work).checks
      checks.value = said
      well = said.every((check) => check.ok)
    })
    testing.value = false
    return well
  }

  async function save(): Promise<Inbox | null> {
    saving.value = true
    let made: Inbox | null = null
    await tried(async () => {
      const shared = { name: head.name.trim(), team_id: head.team_id || null, enabled: head.enabled, ...wish.value }
      made = inbox
        ? await settings.editInbox(inbox.id, inbox.version, shared)
        : await settings.createInbox({ ...shared, channel, brand_id: head.brand_id })
    })
    saving.value = false
    if (made) void reference.load()
    return made
  }

  return { channel, inbox, head, values, hours, lists, shown, wish, ready, checks, testing, saving, wrong, beside, kept, suggest, test, save }
}
