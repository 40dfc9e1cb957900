/** Three sizes of screen: pages one after another, two columns, three columns. */
import { useMediaQuery } from '@vueuse/core'

export function useMedia() {
  return { phone: useMediaQuery('(width <= 760px)'), narrow: useMediaQuery('(width <= 1180px)') }
}
