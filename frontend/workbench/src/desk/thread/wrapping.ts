/** Whether a chat has come to its end, told from its last word alone: thanks of the customer, or our closing. */
import type { Message } from '@/client/types'
import { stepsIn } from '@/replies/steps'

const THANKS = /^(好的?|嗯+|行|可以了?|收到|明白了?|知道了|没有了|没了|不用了|解决了|谢谢[您你]?(了|啦|们)?|多谢|感谢|辛苦了?|再见|拜拜|ok(ay)?|thanks?( you)?( (so|very) much| a lot)?|got it|great|perfect|no,? that'?s all|bye|👌|👍|🙏|[\s,，。.!！~～、])+$/iu

export function isOver(messages: readonly Message[], conversation: string): boolean {
  const last = messages.filter((m) => m.conversation_id === conversation && (m.direction === 'in' || m.direction === 'out') && !m.recalled_at).at(-1)
  if (!last) return false
  const answered = messages.some((m) => m.conversation_id === conversation && m.direction === 'out' && m.author.kind === 'agent')
  if (last.direction === 'in') return answered && last.text.trim() !== '' && THANKS.test(last.text.trim())
  return last.author.kind === 'agent' && stepsIn(last.text).has('closing')
}
