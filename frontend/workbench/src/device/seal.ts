/**
 * What is kept is sealed by a key of its agent that never leaves this browser and goes first when he signs out: then
 * what the browser has not yet overwritten says nothing. Pages without TLS have no such keys, and keep words in clear.
 */
import type { Shelves } from './shelves'

export interface Sealed {
  at: number
  iv?: Uint8Array<ArrayBuffer>
  bytes: Uint8Array<ArrayBuffer>
}

const KEY = 'seal'
const IV_BYTES = 12

export async function keyOf(shelves: Shelves, owner: string): Promise<CryptoKey | null> {
  if (!globalThis.crypto?.subtle) return null
  const known = (await shelves.get('keys', [owner, KEY])) as CryptoKey | undefined
  if (known) return known
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  return (await shelves.claim('keys', [owner, KEY], fresh)) as CryptoKey
}

export async function seal(key: CryptoKey | null, plain: Uint8Array<ArrayBuffer>, at: number): Promise<Sealed> {
  if (!key) return { at, bytes: plain }
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  return { at, iv, bytes: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain)) }
}

/** Null for what another key sealed: it is nobody's any more. */
export async function unseal(key: CryptoKey | null, { iv, bytes }: Sealed): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!iv) return bytes
  if (!key) return null
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes))
  } catch {
    return null
  }
}
