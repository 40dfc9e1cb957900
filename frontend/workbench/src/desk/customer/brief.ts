/** A customer in short: by what he is known, the best of his identities, masked, and where he lives; and sums of money. */
import type { Customer } from '@/client/customer.types'
import type { Figures } from '@/client/customers'

const NAMELESS = new Set(['visitor', 'device', 'nickname', 'external', 'generic'])

export function knownBy(customer: Customer): string[] {
  const listed = customer.identities.filter((each) => !each.valid_to && !NAMELESS.has(each.kind))
  const best = listed.find((each) => each.rank === 'primary') ?? listed[0]
  const city = customer.profile.find((field) => field.key === 'city')?.value
  return [best?.masked, city].filter((each): each is string => typeof each === 'string' && each !== '')
}

export function money(fen: number, currency: string, locale: string): string {
  try {
    return (fen / 100).toLocaleString(locale, { style: 'currency', currency, minimumFractionDigits: fen % 100 ? 2 : 0 })
  } catch {
    return `${fen / 100} ${currency}` // a code no browser knows
  }
}

/** What he spent, as far as it may be told; `later` is said where all of it waits for 核身. */
export function spentOf(figures: Figures, locale: string, later: string): string {
  const told = figures.spent.map((each) => money(each.fen, each.currency, locale)).join(' + ')
  if (!figures.spent_masked) return told || '–'
  return told ? `${told} +` : later
}
