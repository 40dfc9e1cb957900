/** A crowd of frames is taken a slice at a time, one before each painted frame: a key pressed meanwhile is not kept waiting. */
const SLICE_MS = 6
const UNSEEN_MS = 100 // a page that is hidden meanwhile paints nothing
const MOST = 2_000 // more is not read one by one any more

export interface Slices<T> {
  push: (said: T) => void
  /** What still waits is taken now: whatever comes next must come after it. */
  drain: () => void
  drop: () => void
}

export interface Beat {
  next: (run: () => void) => void
  now: () => number
  unseen: () => boolean
}

const PAGE: Beat = {
  next(run) {
    let done = false
    const once = () => {
      if (!done) run()
      done = true
      clearTimeout(anyway)
    }
    const anyway = setTimeout(once, UNSEEN_MS)
    requestAnimationFrame(once)
  },
  now: () => performance.now(),
  unseen: () => document.hidden,
}

export function inSlices<T>(take: (said: T) => void, beat: Beat = PAGE): Slices<T> {
  let waiting: T[] = []
  let asked = false

  function run(): void {
    asked = false
    const until = beat.now() + SLICE_MS
    const whole = beat.unseen() || waiting.length > MOST
    let at = 0
    while (at < waiting.length && (at === 0 || whole || beat.now() < until)) take(waiting[at++] as T)
    waiting = waiting.slice(at)
    if (waiting.length) ask()
  }

  function ask(): void {
    if (asked) return
    asked = true
    beat.next(run)
  }

  function push(said: T): void {
    waiting.push(said)
    if (beat.unseen() && !asked) run() // nobody waits for a frame; what calls him back is heard at once
    else ask()
  }

  function drain(): void {
    const all = waiting
    waiting = []
    all.forEach(take)
  }

  return { push, drain, drop: () => void (waiting = []) }
}
