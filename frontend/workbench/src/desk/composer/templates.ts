/** Texts a vendor has approved, and how texts are counted where each part is paid for. */
import type { Capability } from '@/client/types'

export type Offer = NonNullable<Capability['templates']>[number]
export type Parts = NonNullable<Capability['parts']>

const BLANK = /\$?\{\{?(\w+)\}?\}/g

/** As the customer reads it; what is not filled in yet stands in brackets. */
export function wordsOf(offer: Offer, blanks: Record<string, string>): string {
  return offer.text.replace(BLANK, (_, name: string) => blanks[name]?.trim() || `[${name}]`)
}

export const isFilled = (offer: Offer, blanks: Record<string, string>) => offer.blanks.every((name) => blanks[name]?.trim())

/** How many messages the carrier counts; an approved text has no frame around it. */
export function partsOf(parts: Parts, chars: number, framed = parts.framed): number {
  const whole = chars + parts.around + framed
  return whole <= parts.one ? 1 : Math.ceil(whole / parts.each)
}
