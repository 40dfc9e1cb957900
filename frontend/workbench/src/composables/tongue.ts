/** What the house itself wrote in Chinese and, if it did, in English. */
import { i18n } from '@/i18n'

export const inTongue = (zh: string, en?: string): string => (i18n.global.locale.value === 'en' && en ? en : zh)
