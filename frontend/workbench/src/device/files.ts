/** Files that were added without a network: kept here under the hash that the server will give them. */
import { shallowReactive } from 'vue'
import { Problem } from '@/client/http'
import * as people from '@/client/people'
import type { Attachment } from '@/client/types'
import * as device from './device'

/** What shows it until the server has it. */
const urls = shallowReactive(new Map<string, string>())

/** To the server, or onto this device while there is none to hear. */
export async function addFile(file: File, options: Parameters<typeof people.upload>[1] = {}): Promise<Attachment> {
  try {
    return { ...(await people.upload(file, options)), inline: false }
  } catch (problem) {
    if (!(problem instanceof Problem) || !problem.offline) throw problem
    const { keep } = await import('./hoard')
    const kept = await keep(file)
    urls.set(kept.hash, URL.createObjectURL(file))
    return kept
  }
}

/** The same files, all of them known to the server. */
export async function uploaded(files: Attachment[]): Promise<Attachment[]> {
  if (!files.some((file) => file.local)) return files
  const { bring } = await import('./hoard')
  return await Promise.all(files.map((file) => (file.local ? bring(file) : file)))
}

/** A picture that was read before, from this device; false where it is not kept. */
export async function showKept(file: Attachment): Promise<boolean> {
  const kept = await device.read<Uint8Array<ArrayBuffer>>('pictures', file.hash).catch(() => null)
  if (kept) urls.set(file.hash, URL.createObjectURL(new Blob([kept.value], { type: file.type })))
  return kept !== null
}

export const shownHere = (file: Attachment) => urls.get(file.hash)

/** Nobody who comes after him is shown them. */
export function forgetFiles(): void {
  for (const url of urls.values()) if (url) URL.revokeObjectURL(url)
  urls.clear()
}

/** Those that the server has by now. */
export function dropFiles(files: Attachment[]): void {
  const local = files.filter((file) => file.local)
  if (local.length) void import('./hoard').then(({ drop }) => drop(local)).catch(() => undefined)
}

/** Empty until it was read; whoever shows it is drawn again then. */
export function localUrl(file: Attachment): string {
  const known = urls.get(file.hash)
  if (known === undefined) {
    urls.set(file.hash, '')
    void device.read<Uint8Array<ArrayBuffer>>('files', file.hash).then((kept) => {
      if (kept) urls.set(file.hash, URL.createObjectURL(new Blob([kept.value], { type: file.type })))
    })
  }
  return known ?? ''
}
