/** How words are typed by somebody who does not switch to Chinese: 退款 is tuikuan, and tk. */

export interface Sounded {
  plain: string
  /** Syllables run together, and where in them each character begins. */
  letters: string
  starts: number[]
  initials: string
}

export type Sounds = ReadonlyMap<string, string>

let known: Promise<Sounds> | undefined

/** The table the server searches names with, fetched when something is first looked for. */
export const loadSounds = (): Promise<Sounds> =>
  (known ??= import('../../../../src/yizhan/foundation/text/pinyin.txt?raw').then(({ default: text }) => read(text)))

export function read(text: string): Sounds {
  const lines = text.split('\n').map((line) => line.split(' '))
  return new Map(lines.flatMap(([sound, all]) => [...(all ?? '')].map((character): [string, string] => [character, sound ?? ''])))
}

export function sound(text: string, sounds: Sounds): Sounded {
  const plain = text.toLowerCase()
  const starts: number[] = []
  let [letters, initials, latin] = ['', '', false]
  for (const character of plain) {
    const syllable = sounds.get(character) ?? character
    const goesOn = latin && /[a-z0-9]/.test(character)
    latin = /[a-z0-9]/.test(character)
    if (/[\s·:,.，。/()（）-]/.test(character)) continue
    if (!goesOn) {
      starts.push(letters.length)
      initials += syllable[0] ?? ''
    }
    letters += syllable
  }
  return { plain, letters, starts, initials }
}

/** How well the query names it; 0 is not at all. What begins with it comes before what only contains its letters. */
export function fits(query: string, said: Sounded): number {
  const asked = query.trim().toLowerCase()
  const run = asked.replace(/\s+/g, '')
  if (!run) return 1
  if (said.plain.startsWith(asked)) return 100
  if (said.plain.includes(asked)) return 90
  if (said.initials.startsWith(run)) return 80
  if (said.starts.some((at) => said.letters.startsWith(run, at))) return 75
  if (said.initials.includes(run)) return 60
  return scattered(run, said.letters) ? 20 : 0
}

/** All letters in their order, the first at the beginning; two alone would name everything. */
function scattered(run: string, letters: string): boolean {
  if (run.length < 3 || letters[0] !== run[0]) return false
  let at = -1
  return [...run].every((letter) => (at = letters.indexOf(letter, at + 1)) >= 0)
}
