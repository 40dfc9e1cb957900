/** The mark of each platform: its letter on its colour, dark enough for white letters. */
import type { Channel } from '@/client/types'

export interface ChannelMark {
  letter: string
  colour: string
}

const MARKS: Record<string, ChannelMark> = {
  wechat_mp: { letter: '微', colour: '#06783a' },
  wechat_mini: { letter: '程', colour: '#06783a' },
  wechat_kf: { letter: '客', colour: '#06783a' },
  wecom: { letter: '企', colour: '#1b62b8' },
  wecom_group: { letter: '群', colour: '#1b62b8' },
  weibo: { letter: '博', colour: '#b3202e' },
  weibo_comment: { letter: '评', colour: '#b3202e' },
  douyin: { letter: '抖', colour: '#1f1f2b' },
  douyin_comment: { letter: '评', colour: '#1f1f2b' },
  sms_aliyun: { letter: '短', colour: '#8a4b00' },
  sms_tencent: { letter: '短', colour: '#8a4b00' },
  bridge: { letter: '店', colour: '#7a3d8c' },
  whatsapp: { letter: 'W', colour: '#0b7a5c' },
  telegram: { letter: 'T', colour: '#1b6fa8' },
  line: { letter: 'L', colour: '#0a7a3d' },
  messenger: { letter: 'M', colour: '#4b45c6' },
}

export const markOf = (channel: Channel): ChannelMark | undefined => MARKS[channel]
