/** What a visit says, whatever a shop put into it. */
import type { TrailItem } from '@/client/customer.types'

export function pageName(item: Pick<TrailItem, 'title' | 'url'>): string {
  if (item.title) return item.title
  try {
    return new URL(item.url, 'http://page').pathname
  } catch {
    return item.url
  }
}

export function cartOf(cart: unknown): { count: number; total: string } {
  const lines = Array.isArray(cart) ? cart : ((cart as { items?: unknown } | null)?.items ?? [])
  if (!Array.isArray(lines)) return { count: 0, total: '' }
  const number = (value: unknown) => (typeof value === 'number' ? value : Number(value) || 0)
  const rows = lines.filter((line): line is Record<string, unknown> => typeof line === 'object' && line !== null)
  const quantity = (line: Record<string, unknown>) => number(line['qty'] ?? line['quantity'] ?? line['count'] ?? 1)
  const sum = rows.reduce((total, line) => total + number(line['price']) * quantity(line), 0)
  return { count: rows.reduce((total, line) => total + quantity(line), 0), total: sum ? sum.toLocaleString() : '' }
}

export function sourceOf(origin: unknown): string {
  if (typeof origin === 'string') return origin
  if (typeof origin !== 'object' || origin === null) return ''
  const said = origin as Record<string, unknown>
  const first = ['source', 'utm_source', 'keyword', 'referrer'].map((key) => said[key]).find((value) => typeof value === 'string' && value)
  return typeof first === 'string' ? first : ''
}
