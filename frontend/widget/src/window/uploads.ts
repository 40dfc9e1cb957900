import type { App, Upload } from '../app'

const MB = 1_048_576

/** Sends files one by one in the order they were chosen; each stays visible until it is a message. */
export async function sendFiles(app: App, files: Iterable<File>): Promise<void> {
  const limit = app.ui.config?.file_limit ?? 10 * MB
  const chosen = [...files]
  const fitting = chosen.filter((file) => file.size <= limit)
  app.set({ problem: fitting.length < chosen.length ? 'tooLarge' : null })
  const uploads = fitting.map((file): Upload => ({
    key: app.ports.newId(),
    file,
    preview: file.type.startsWith('image/') ? URL.createObjectURL(file) : '',
    failed: false,
  }))
  app.set({ uploads: [...app.ui.uploads, ...uploads] })
  for (const upload of uploads) await sendUpload(app, upload)
}

export async function sendUpload(app: App, upload: Upload): Promise<void> {
  const replace = (next: Upload[]) => {
    app.set({ uploads: app.ui.uploads.flatMap((each) => (each.key === upload.key ? next : [each])) })
  }
  replace([{ ...upload, failed: false }])
  try {
    const file = await app.client.upload(upload.file, upload.file.name)
    replace([])
    app.client.send('', [file])
    if (upload.preview) URL.revokeObjectURL(upload.preview)
  } catch (error) {
    replace([{ ...upload, failed: true }])
    app.set({ problem: (error as { status?: number }).status === 413 ? 'tooLarge' : 'uploadFailed' })
  }
}
