/** Bytes as people say them. */
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

export function bytes(count: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, count)) / 10))
  const value = count / 1024 ** step
  return `${value < 10 && step ? value.toFixed(1) : Math.round(value)} ${UNITS[step]}`
}
