/** A line icon on a 24 grid, of one path. */
export function Icon({ path }: { path: string }) {
  return <svg viewBox="0 0 24 24" aria-hidden="true" class="icon"><path d={path} /></svg>
}

export const CHAT = 'M6.5 4h11A3.5 3.5 0 0 1 21 7.5v6a3.5 3.5 0 0 1-3.5 3.500H12L7.5 20.500V17h-1A3.5 3.5 0 0 1 3 13.500v-6A3.5 3.5 0 0 1 6.5 4Zm2 7.300c1 1.1 2.2 1.7 3.5 1.700s2.5-.6 3.5-1.7'
export const DOWN = 'm6 9.5 6 6 6-6'
export const CLOSE = 'm6.5 6.5 11 11m0-11-11 11'
