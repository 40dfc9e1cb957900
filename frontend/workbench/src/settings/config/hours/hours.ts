/** Working time as a calendar document writes it: spans of a day, and the table of days that are not like their weekday. */
export type Hours = Record<string, unknown>
export type Meaning = 'closed' | 'makeup' | 'own'

/** Days in a row that mean one thing. `spans` are those of `own` alone: a make-up day has the usual hours. */
export interface Entry { first: string; last: string; meaning: Meaning; spans: string[] }

/** What a country gives, as the server says it. */
export interface PublicRun { first: string; last: string; kind: 'holiday' | 'makeup'; zh: string; en: string }

/** A line of the table: of the country, or of the house, which wins. */
export interface Row extends Entry { ours: boolean; zh: string; en: string }

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const DAY = 1440
const FORM = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/

/** Minutes after midnight; an end past 1440 lies on the next day. Null for what is not written as a span. */
export function stretch(span: string): { from: number; until: number } | null {
  const found = FORM.exec(span.trim())
  if (!found) return null
  const [from, until] = [Number(found[1]) * 60 + Number(found[2]), Number(found[3]) * 60 + Number(found[4])]
  if (from >= DAY || until > DAY || from === until) return null
  return { from, until: until > from ? until : until + DAY }
}

export const endsNextDay = (span: string) => (stretch(span)?.until ?? 0) > DAY

/** Where a day is open, in percent of its 24 hours; `night` is what the evening before runs into it. */
export function bars(today: string[], before: string[]): { left: number; width: number; night: boolean }[] {
  const percent = (from: number, until: number, night: boolean) => ({ left: (from / DAY) * 100, width: ((until - from) / DAY) * 100, night })
  const read = (spans: string[]) => spans.map(stretch).filter((each) => each !== null)
  const over = read(before).filter((each) => each.until > DAY).map((each) => percent(0, each.until - DAY, true))
  return [...over, ...read(today).map((each) => percent(each.from, Math.min(each.until, DAY), false))]
}

export function shifted(day: string, by: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + by)
  return at.toISOString().slice(0, 10)
}

/** The table as the document has it, by date. */
export function entriesOf(hours: Hours): Entry[] {
  const found: Entry[] = ((hours['holidays'] ?? []) as string[]).map((said) => {
    const [first = '', last = first] = said.split('/')
    return { first, last, meaning: 'closed', spans: [] }
  })
  const makeup = (hours['makeup_days'] ?? []) as string[] | Record<string, string[] | null>
  const worked: [string, string[] | null][] = Array.isArray(makeup) ? makeup.map((day) => [day, null]) : Object.entries(makeup)
  for (const [day, spans] of worked) found.push({ first: day, last: day, meaning: spans ? 'own' : 'makeup', spans: spans ?? [] })
  for (const [day, spans] of Object.entries((hours['days'] ?? {}) as Record<string, string[]>))
    found.push({ first: day, last: day, meaning: spans.length ? 'own' : 'closed', spans })
  return found.sort((a, b) => a.first.localeCompare(b.first))
}

/** The document with this table; what else it holds is kept. */
export function withEntries(hours: Hours, entries: Entry[]): Hours {
  const each = (meaning: Meaning) => entries.filter((entry) => entry.meaning === meaning)
  return {
    ...hours,
    holidays: each('closed').map((entry) => (entry.first === entry.last ? entry.first : `${entry.first}/${entry.last}`)),
    makeup_days: each('makeup').flatMap(datesOf),
    days: Object.fromEntries(each('own').flatMap((entry) => datesOf(entry).map((day) => [day, entry.spans]))),
  }
}

function datesOf(entry: { first: string; last: string }): string[] {
  const days: string[] = []
  for (let day = entry.first; day <= entry.last && days.length < 400; day = shifted(day, 1)) days.push(day)
  return days
}

/** What of a stretch lies outside another one: nothing, one piece or two. */
function without<T extends { first: string; last: string }>(entry: T, cut: { first: string; last: string }): T[] {
  if (cut.last < entry.first || cut.first > entry.last) return [entry]
  const pieces: T[] = []
  if (entry.first < cut.first) pieces.push({ ...entry, last: shifted(cut.first, -1) })
  if (entry.last > cut.last) pieces.push({ ...entry, first: shifted(cut.last, 1) })
  return pieces
}

/** A date means one thing: what is said of it now replaces what was said before. */
export function put(entries: Entry[], entry: Entry): Entry[] {
  return [...entries.flatMap((each) => without(each, entry)), entry].sort((a, b) => a.first.localeCompare(b.first))
}

/** The table of a year: the country's days as far as the house says nothing else, and what the house says. */
export function rowsOf(entries: Entry[], runs: PublicRun[], year: number): Row[] {
  const left = entries.reduce<PublicRun[]>((known, entry) => known.flatMap((run) => without(run, entry)), runs)
  const given = left.map((run): Row => ({
    first: run.first, last: run.last, meaning: run.kind === 'holiday' ? 'closed' : 'makeup', spans: [], ours: false, zh: run.zh, en: run.en,
  }))
  const said = entries.filter((entry) => entry.first <= `${year}-12-31` && entry.last >= `${year}-01-01`).map((entry): Row => {
    const over = runs.find((run) => run.first <= entry.last && run.last >= entry.first)
    return { ...entry, ours: true, zh: over?.zh ?? '', en: over?.en ?? '' }
  })
  return [...given, ...said].sort((a, b) => a.first.localeCompare(b.first))
}
