import { client, config, ports, set, ui, type Upload } from './app'

const STIR_MS = 4_000

/** Sends files one by one in the order they were chosen; each stays visible until it is a message. */
export async function sendFiles(files: Iterable<File>): Promise<void> {
  const chosen = [...files]
  const fitting = chosen.filter((file) => file.size <= config.file_limit)
  const uploads = fitting.map((file): Upload => ({
    key: ports.newId(),
    file,
    preview: file.type.startsWith('image/') ? URL.createObjectURL(file) : '',
    failed: false,
  }))
  set({ problem: fitting.length < chosen.length ? 'tooLarge' : null, uploads: [...ui.uploads, ...uploads] })
  for (const upload of uploads) await sendUpload(upload)
}

export async function sendUpload(upload: Upload): Promise<void> {
  const { file, key, preview } = upload
  const replace = (next: Upload[]) => {
    set({ uploads: ui.uploads.flatMap((each) => (each.key === key ? next : [each])) })
  }
  // Who sends a large file is not silent.
  const stirring = setInterval(client.typing, STIR_MS)
  replace([{ ...upload, failed: false }])
  try {
    const stored = await client.upload(file, file.name)
    replace([])
    client.send('', [stored])
    if (preview) URL.revokeObjectURL(preview)
  } catch (error) {
    replace([{ ...upload, failed: true }])
    set({ problem: (error as { status?: number }).status === 413 ? 'tooLarge' : 'uploadFailed' })
  }
  clearInterval(stirring)
}
