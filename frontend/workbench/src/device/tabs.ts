/** The other windows of this browser: one of them at a time, and what each tells the others. */
export interface News {
  /** `left`: how long it is still held, in ms; `stored`: on the disk by now. */
  outbox?: { id: string; waiting: unknown; left: number; stored: boolean }
  draft?: { owner: string; id: string; value: unknown }
  carried?: { owner: string; id: string; value: unknown }
  gone?: true // signed out, here or from elsewhere
  came?: string // who signed in
}

const hearers = new Set<(news: News) => void>()
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('yizhan')
if (channel) channel.onmessage = (event: MessageEvent<News>) => hearers.forEach((hear) => hear(event.data))

export const tell = (news: News): void => channel?.postMessage(news)

export function hear(then: (news: News) => void): () => void {
  hearers.add(then)
  return () => void hearers.delete(then)
}

/** Only one window at a time does this work. Where there are no locks (no TLS) the server still takes a key only once. */
export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request(`yizhan.${name}`, work)
  else await work()
}
