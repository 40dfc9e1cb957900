/** What the server says of a shift that cannot be, in the reader's language: it has the words of both. */
import { i18n } from '@/i18n'

export const explain = (english: string, chinese: string | null | undefined) => (i18n.global.locale.value === 'zh-CN' && chinese ? chinese : english)
