import type { Identity, Product } from 'yizhan-sdk'
import { client, identify, reset, set, setLocale, toggle, ui } from './app'
import { consent, trail } from './visit'

/** What a page may set at the beginning; the second names are those of other vendors' snippets. */
export interface Settings {
  inbox?: string
  websiteToken?: string
  base?: string
  baseUrl?: string
  locale?: string
  theme?: 'light' | 'dark'
  tracking?: boolean
  identity?: Identity
}

type Attributes = Record<string, unknown>
type Command = (...values: never[]) => unknown
type Queued = ArrayLike<unknown>

const offer = (product: Product | null) => {
  set({ product })
}

const COMMANDS: Record<string, Command> = {
  identify,
  /** The form other vendors' snippets use for `identify`. */
  setUser(id: string, { identifier_hash, phone_number: phone, custom_attributes, ...more }: Attributes) {
    identify({ ...more, id, hash: identifier_hash } as Identity)
    if (phone || custom_attributes) client.introduce({ phone, ...(custom_attributes as object) })
  },
  setAttributes: (given: Attributes) => client.introduce(given),
  open() {
    toggle(true)
  },
  close() {
    toggle(false)
  },
  toggle() {
    toggle(!ui.open)
  },
  setLocale,
  sendMessage: (text: string) => client.send(text),
  track: (event: string, properties?: Attributes) => trail?.track(event, properties),
  page: () => trail?.page(),
  consent,
  reset,
  setProduct: offer,
  setOrder: offer,
  on(name: string, listener: (detail: unknown) => void) {
    addEventListener(`yizhan:${name}`, (event) => {
      listener((event as CustomEvent).detail)
    })
  },
}

/** What a host page may say: `yizhan("open")`. Calls made before the script arrived wait in `yizhan.q`. */
export function openCommands(start: (settings: Settings) => void): void {
  let started = false
  const early: [string, ...unknown[]][] = []

  const run = (name: string, ...values: unknown[]) => {
    if (name === 'init') {
      if (started) return
      started = true
      start(values[0] as Settings)
      for (const call of early) run(...call)
    } else if (started || name === 'on') COMMANDS[name]?.(...(values as never[]))
    else early.push([name, ...values])
  }

  const page = window as unknown as { yizhan?: typeof run & { q?: Queued[] } }
  const queued = page.yizhan?.q ?? []
  page.yizhan = run
  for (const call of queued) run(...(Array.from(call) as [string]))
}
