/** A weight in bits, with its sign: −0.0 is no weight at all. */
export function signed(value: number): string {
  return `${value > 0 ? '+' : '−'}${Math.abs(value).toFixed(1)}`
}
