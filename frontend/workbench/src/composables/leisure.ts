/** What will be needed soon but not now is fetched when the first page stands and nobody waits for anything. */
const AFTER_MS = 1_500
const AT_LAST_MS = 3_000

export function atLeisure(fetch: () => Promise<unknown>): void {
  const run = () => void fetch().catch(() => undefined) // asked for again when it is needed
  setTimeout(() => {
    if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: AT_LAST_MS })
    else run()
  }, AFTER_MS)
}
