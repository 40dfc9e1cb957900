/** Whoever comes from an alert came to answer: the text field has the focus as soon as the conversation is there. */
import { ref } from 'vue'

const wanted = ref(false)

export const wantField = () => (wanted.value = true)

/** Whether somebody came to write; asked once. */
export function takeWish(): boolean {
  const wish = wanted.value
  wanted.value = false
  return wish
}
