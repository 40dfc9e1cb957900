/** The house's look: its colour, what becomes of it where it must be read, its logo. */
import { get, put } from './http'

export interface Shades {
  button: string
  words: string
  button_dark: string
  words_dark: string
  adjusted: boolean
}

export interface Look {
  /** Empty for the product's own. */
  color: string
  logo: string | null
  shades: Shades | null
  version: number
}

export const look = () => get<Look>('/look')
export const shadesOf = (color: string) => get<Shades>('/look/shades', { color })
/** `logo` in base64, null for the product's own; left out, it stays. */
export const change = (wish: { color: string; version: number; logo?: string | null }) => put<Look>('/look', wish)
