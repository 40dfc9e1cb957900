/** The version of the workbench in this browser: kept for days without a network, changed when the agent says so. */
import { ref } from 'vue'
import { settled } from '@/device/device'

const HOUR_MS = 3_600_000
const fresh = ref<ServiceWorker | null>(null)
let watching = false

export const useFresh = () => fresh

/** Not in development, and only where pages come by TLS or from this machine. */
export async function watchVersion(): Promise<void> {
  if (watching || !import.meta.env.PROD || !('serviceWorker' in navigator)) return
  watching = true
  const registration = await navigator.serviceWorker.register('/app/worker.js', { scope: '/app/' })
  const look = () => (fresh.value = navigator.serviceWorker.controller ? registration.waiting : null)
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look))
  look()
  setInterval(() => void registration.update().catch(() => undefined), HOUR_MS)
}

/** What is written is on the disk first; then the page comes back as it was, in the new version. */
export async function refresh(): Promise<void> {
  await settled()
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  fresh.value?.postMessage('go')
}
