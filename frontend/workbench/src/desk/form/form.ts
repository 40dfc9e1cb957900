/** The form of the ticket on the screen: a draft over what is kept; the server says which rows a draft shows. */
import { useDebounceFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import type { FieldValue, Form, Values } from '@/client/forms'
import * as forms from '@/client/forms'
import { attempt } from '@/composables/toast'

const PAUSE_MS = 250
const SETTLE_MS = 400 // a ticket moves with every word of its customer

/** `kind` is another type than the ticket has yet: its form is tried, and filled in by whoever changes the type. */
export function useForm(ticket: () => { id: string; version: number; type: string } | null, kind: () => string | undefined = () => undefined) {
  const shape = ref<Form | null>(null)
  const draft = ref<Values>({})
  const dirty = computed(() => Object.keys(draft.value).length > 0)
  const fields = computed(() => shape.value?.fields ?? [])
  let pause = 0
  let asked = 0

  const valueOf = (key: string): FieldValue => (key in draft.value ? (draft.value[key] ?? null) : (fields.value.find((field) => field.key === key)?.value ?? null))
  const clear = () => void (draft.value = {})

  async function load(): Promise<void> {
    const here = ticket()
    const mine = ++asked
    const other = kind()
    const asking = here && (other && other !== here.type ? forms.tryForm(here.id, {}, other) : forms.form(here.id))
    const found = asking ? await asking.catch(() => null) : null // the next version asks again
    if (mine !== asked) return
    shape.value = found
    clear()
  }

  function set(key: string, value: FieldValue): void {
    const said = value === '' || (Array.isArray(value) && !value.length) ? null : value
    draft.value = { ...draft.value, [key]: said }
    window.clearTimeout(pause)
    pause = window.setTimeout(() => void look(), PAUSE_MS)
  }

  /** What is shown depends on what is typed. */
  async function look(): Promise<void> {
    const here = ticket()
    const mine = ++asked
    const found = here && (dirty.value || kind()) ? await forms.tryForm(here.id, { ...draft.value }, kind()).catch(() => null) : null
    if (found && mine === asked) shape.value = found
  }

  /** What was typed into rows that are shown. */
  function filled(): Values {
    const shown = new Set(fields.value.map((field) => field.key))
    return Object.fromEntries(Object.entries(draft.value).filter(([key]) => shown.has(key)))
  }

  async function save(): Promise<boolean> {
    const here = ticket()
    if (!here || !dirty.value) return true
    const wanted = filled()
    return attempt(async () => {
      const latest = await forms.form(here.id)
      shape.value = await forms.fill(here.id, latest.version, wanted)
      clear()
    })
  }

  const settled = useDebounceFn(() => void (dirty.value || load()), SETTLE_MS, { maxWait: 2 * SETTLE_MS })
  watch(() => [ticket()?.id, ticket()?.version], (now, before) => void (now[0] !== before?.[0] ? load() : settled()), { immediate: true })
  watch(kind, () => void look())
  return { shape, fields, draft, dirty, valueOf, set, filled, save, load }
}
