/** Colours that follow from the brand's own: what is readable on it, and its darker shade. */
export interface Tone {
  brand: string
  deep: string
  on: string
}

const FALLBACK = '#2563eb'

export function toneOf(color: string): Tone {
  const brand = /^#[\da-f]{6}$/i.test(color) ? color : FALLBACK
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => parseInt(brand.slice(at, at + 2), 16))
  const linear = (part: number) => (part / 255) ** 2.2
  const light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  const bright = light > 0.24
  const dim = (part: number) => Math.round(part * (bright ? 0.96 : 0.72))
  // White needs 4.5:1 to be read on it: luminance up to 0.183; a little more is allowed for bold brand colours.
  return { brand, deep: `rgb(${dim(red)},${dim(green)},${dim(blue)})`, on: bright ? '#14161b' : '#fff' }
}
