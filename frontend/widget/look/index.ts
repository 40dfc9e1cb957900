import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { transform } from 'lightningcss'
import { ICONS } from './icons.ts'
import { WORDS } from './words.ts'

/** What the widget says and how it looks, in one language: fetched once by a browser and kept, not part of the script. */
export interface Look {
  version: string
  words: Record<Word, string>
  icons: Record<IconName, string>
  emoji: string
  styles: string
}

export type Word = keyof typeof WORDS
export type IconName = keyof typeof ICONS

export const LANGUAGES = ['zh', 'en'] as const
const EMOJI = '😀😄😂😊😍😘🤔😅😭😡😱😴👍👎👏🙏💪👌❤🌹🎉🎁🔥✨📦🚚💰📷'

/** The version is that of all languages together, and stands first: the server looks for it there. */
export function looksIn(folder: string): { version: string; looks: Look[] } {
  const styles = ['launcher', 'window'].map((name) => {
    const code = readFileSync(`${folder}/${name}.css`)
    return transform({ filename: name, code, minify: true }).code.toString()
  })
  const looks = LANGUAGES.map((_, language) => {
    const words = Object.entries(WORDS).map(([word, said]) => [word, said[language]])
    return { words: Object.fromEntries(words) as Look['words'], icons: ICONS, emoji: EMOJI, styles: styles.join('') }
  })
  const version = createHash('sha256').update(JSON.stringify(looks)).digest('hex').slice(0, 12)
  return { version, looks: looks.map((look) => ({ version, ...look })) }
}
