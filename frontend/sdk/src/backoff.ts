const FIRST_MS = 500
const LAST_MS = 30_000

/** Waiting time before try number `attempt` (0 is the first): doubles up to 30 s; half of it is chance. */
export function backoff(attempt: number, random: () => number): number {
  const whole = Math.min(LAST_MS, FIRST_MS * 2 ** attempt)
  return whole / 2 + (whole / 2) * random()
}
