/** Reads what a part of a page shows. Why it failed is kept to be said, with a way to try again; it is never nothing. */
import { ref } from 'vue'
import { Problem } from '@/client/http'
import { sentenceOf } from './problems'

const UNSEEN = [403, 404]

export function useReading() {
  const problem = ref('')

  /** undefined where it failed. `none` is what stands for something that one may not see, or that is not there. */
  async function reading<T>(work: () => Promise<T>, none?: T): Promise<T | undefined> {
    try {
      const said = await work()
      problem.value = ''
      return said
    } catch (said) {
      const unseen = none !== undefined && said instanceof Problem && UNSEEN.includes(said.status)
      problem.value = unseen ? '' : sentenceOf(said)
      return unseen ? none : undefined
    }
  }
  return { problem, reading }
}
