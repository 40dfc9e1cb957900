import type { Client } from './client'

/** As WeChat's own call-backs give them: `rawData` and `signature`, `encryptedData` and `iv`. */
export interface Handed {
  rawData?: string
  signature?: string
  encryptedData?: string
  iv?: string
}

/** Who the visitor is now; `phone` is masked, and empty until he gave one. */
export interface WeChatVisitor {
  id: string
  name: string
  phone: string
}

/** What `wx.config` takes of it; add `debug`, `jsApiList` and `openTagList`. */
export interface PageConfig {
  appId: string
  timestamp: number
  nonceStr: string
  signature: string
}

export type WeChat = ReturnType<typeof openWeChat>

/** The visitor as WeChat knows him. What he wrote before he signed in stays his. */
export function openWeChat(client: Client) {
  const give = async (body: Record<string, string | undefined>): Promise<WeChatVisitor> => {
    client.start()
    const { token, id, name, phone } = await client.visits<WeChatVisitor & { token: string }>('/wechat', JSON.stringify(body))
    client.identify({ id, pass: token })
    return { id, name, phone }
  }
  const sealed = ({ rawData, signature, encryptedData, iv }: Handed) =>
    ({ raw_data: rawData, signature, encrypted_data: encryptedData, iv })

  return {
    /** `code` of `wx.login`, good once; with it whatever the page was handed in that log-in. */
    signInWithWeChat: (code: string, handed: Handed = {}) => give({ code, ...sealed(handed) }),

    /** Later, with what a profile or the older number button gave in the same log-in. */
    handOver: (handed: Handed) => give(sealed(handed)),

    /** `code` of a button with `open-type="getPhoneNumber"`; he has signed in before. */
    givePhone: (code: string) => give({ phone_code: code }),

    /** For a web page inside WeChat: signs `url`, by default the page's own address, for `wx.config`. */
    pageConfig: (url = location.href) => client.visits<PageConfig>(`/wechat/page?url=${encodeURIComponent(url)}`),
  }
}
