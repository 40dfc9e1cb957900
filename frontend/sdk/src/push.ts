import type { Client } from './client'
import type { PushProvider, QuietHours } from './wire'

export type Push = ReturnType<typeof openPush>

/** Rings the visitor's phone when an answer waits and he is gone. */
export function openPush(client: Client) {
  return {
    /** At every start of the app and after every `identify`: the device is that of whoever says so last. */
    register: (provider: PushProvider, token: string, locale = '', quiet?: QuietHours) =>
      client.dispatch({ t: 'push', provider, token, ...(locale && { locale }), ...(quiet && { quiet }) }),

    /** Resolves once the server knows. To be awaited before `reset` when he signs out, else his answers ring on. */
    withdraw(provider: PushProvider, token: string) {
      client.dispatch({ t: 'push', provider, token, withdrawn: true })
      return new Promise<void>((resolve) => {
        const off = client.on(() => {
          if (client.waiting('push')) return
          off()
          resolve()
        })
      })
    },
  }
}
