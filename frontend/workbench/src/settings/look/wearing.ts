/** The look in this page, and a picture as it travels. */
export const MOST_BYTES = 200_000

/** Loads the style sheet of the look anew; the old one goes when the new one is here. */
export function wear(version: number): void {
  const worn = document.querySelector<HTMLLinkElement>('link[href^="/app/look.css"]')
  const next = document.createElement('link')
  next.rel = 'stylesheet'
  next.href = `/app/look.css?v=${version}`
  next.addEventListener('load', () => worn?.remove())
  document.head.append(next)
}

export function base64(file: File): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => done(String(reader.result).replace(/^data:[^,]*,/, '')))
    reader.addEventListener('error', () => failed(reader.error ?? new Error('unread')))
    reader.readAsDataURL(file)
  })
}
