/** 问候-解答-确认-结束语, told purely from what was said: of a chat all that its people wrote, of a mail each by itself. */

export const STEPS = ['greeting', 'answer', 'confirm', 'closing'] as const
export type StepName = (typeof STEPS)[number]
export type Warning = 'greet_first' | 'confirm_first' | 'mail_greeting' | 'mail_confirm' | 'mail_closing'

const SAID: Record<Exclude<StepName, 'answer'>, RegExp> = {
  greeting: /[您你]好|早上好|上午好|中午好|下午好|晚上好|^尊敬的|^亲[,，爱]|很高兴为您|^\s*(hello|hi|dear|good (morning|afternoon|evening))\b/im,
  confirm: /(解决|清楚|明白|满意|收到)了?[吗么]|(这样|这么|如此)[^。？?]{0,6}(可以|行|好)[吗么]|还有[^。!！]{0,8}(问题|可以帮|需要|能帮)|是否(解决|满意|清楚|还有)|(does|would) (this|that) (work|help|suit)|anything else|(is|was) (it|this|that|your \w+) (solved|answered|clear|resolved)|any (other|more|further) questions?|let (me|us) know if/i,
  closing: /再见|拜拜|祝[您你]|感谢[您你]?的?(联系|咨询|来信|来电|支持|理解|反馈)|生活愉快|此致|敬礼|顺祝|(kind|best|warm) regards|sincerely|good ?bye|have a (good|nice|great|lovely)|thank(s| you) for (contacting|getting in touch|writing|reaching|your (patience|message))/i,
}
const IDLE = /稍等|稍候|马上(为您)?(查|看)|我(来|去)?(查|看)一下|one moment|look(ing)? into it|just a (moment|second)/i
const LEAST = 6 // characters that tell somebody something

/** Which of the four these words take. What is left of them without politeness is the answer. */
export function stepsIn(text: string): Set<StepName> {
  const found = new Set<StepName>()
  const parts = text.split(/[。!！?？;；\n]+|\.(?=\s|$)/)
  const whole = Object.entries(SAID) as [Exclude<StepName, 'answer'>, RegExp][]
  for (const [step, words] of whole) if (words.test(text)) found.add(step)
  const told = parts.some((part) => {
    if (IDLE.test(part) || SAID.confirm.test(part) || SAID.closing.test(part)) return false
    const rest = part.replace(/^[\s\S]*?(您好|你好|hello|hi|dear \w+)[,，、\s]*/i, '').replace(/(我是|this is)[^,，]*|很高兴为您服务|请问?有什么[^,，]*|how can i help[^,]*/gi, '')
    return rest.replace(/[\s,，、.]/g, '').length >= LEAST
  })
  if (told) found.add('answer')
  return found
}

export interface Spoken { before: readonly string[]; now: string; mail: boolean }

export function taken({ before, now, mail }: Spoken): Set<StepName> {
  return new Set((mail ? [now] : [...before, now]).flatMap((text) => [...stepsIn(text)]))
}

/** What is out of its order; it is told and never in the way. */
export function warningOf(spoken: Spoken): Warning | null {
  const now = stepsIn(spoken.now)
  const all = taken(spoken)
  if (!spoken.now.trim()) return null
  if (spoken.mail) {
    if (!all.has('answer')) return null
    if (!all.has('greeting')) return 'mail_greeting'
    if (!all.has('confirm')) return 'mail_confirm'
    return all.has('closing') ? null : 'mail_closing'
  }
  if (now.has('closing') && !all.has('confirm')) return 'confirm_first'
  return now.has('answer') && !all.has('greeting') ? 'greet_first' : null
}
