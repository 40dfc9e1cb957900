import type { Identity, Product } from 'yizhan-sdk'
import type { App } from './app'

export interface Settings {
  inbox: string
  base?: string
  locale?: string
  theme?: 'light' | 'dark'
  tracking?: boolean
  identity?: Identity
}

type Attributes = { name?: string; email?: string; phone?: string } & Record<string, unknown>

/** Only what was really said: an absent name must not blank the known one. */
const defined = (given: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))

type Command = (...values: never[]) => unknown
type Queued = ArrayLike<unknown>

/** What a host page may say: `yizhan("open")`. Calls made before the script arrived wait in `yizhan.q`. */
export function openCommands(start: (settings: Settings) => App | null): void {
  let app: App | null = null
  const early: [string, ...unknown[]][] = []

  const commands: Record<string, Command> = {
    identify: (identity: Identity) => app?.identify(identity),
    setAttributes: ({ name, email, phone, ...fields }: Attributes) =>
      app?.client.dispatch({ t: 'profile', ...defined({ name, email, phone }), fields }),
    open: () => app?.toggle(true),
    close: () => app?.toggle(false),
    toggle: () => app?.toggle(!app.ui.open),
    setLocale: (locale: string) => app?.setLocale(locale),
    sendMessage: (text: string) => app?.client.send(text),
    track: (event: string, properties?: Record<string, unknown>) => app?.trail?.track(event, properties),
    page: () => app?.trail?.page(),
    reset: () => app?.reset(),
    setProduct: (product: Product | null) => app?.set({ product }),
    setOrder: (order: Product | null) => app?.set({ product: order }),
    on: (name: string, listener: (detail: unknown) => void) => {
      addEventListener(`yizhan:${name}`, (event) => {
        listener((event as CustomEvent).detail)
      })
    },
  }

  const run = (name: string, ...values: unknown[]) => {
    if (name === 'init') {
      app ??= start(values[0] as Settings)
      for (const call of early.splice(0)) run(...call)
    } else if (app || name === 'on') commands[name]?.(...(values as never[]))
    else early.push([name, ...values])
  }

  const page = window as unknown as { yizhan?: typeof run & { q?: Queued[] } }
  const queued = page.yizhan?.q ?? []
  page.yizhan = run
  for (const call of queued) run(...(Array.from(call) as [string]))
}
