/** A score as it is written: with its sign, without decimals. */
export function signed(score: number): string {
  const whole = Math.round(score)
  return whole > 0 ? `+${whole}` : String(whole)
}
