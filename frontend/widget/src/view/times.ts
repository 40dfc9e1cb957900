/** 今天 14:05, or the date too when it was another day. */
export function dayAndTime(at: number, locale: string, now: number, today: string): string {
  const date = new Date(at)
  const time = date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hour12: false })
  const sameDay = date.toDateString() === new Date(now).toDateString()
  return `${sameDay ? today : date.toLocaleDateString(locale, { month: 'short', day: 'numeric' })} ${time}`
}

export function sizeText(bytes: number): string {
  return bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`
}
