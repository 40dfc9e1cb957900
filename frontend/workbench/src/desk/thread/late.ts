/** Parts of a bubble that few bubbles have: they come with the first that does, and stay for all. */
import { defineAsyncComponent } from 'vue'

export const MailBody = defineAsyncComponent(() => import('./MailBody.vue'))
export const RecalledPart = defineAsyncComponent(() => import('./RecalledPart.vue'))
export const QuotedPart = defineAsyncComponent(() => import('./QuotedPart.vue'))
export const QuoteLine = defineAsyncComponent(() => import('../composer/QuoteLine.vue'))
export const OrderChip = defineAsyncComponent(() => import('../composer/OrderChip.vue'))
export const RichPart = defineAsyncComponent(() => import('./RichPart.vue'))
export const ComingFiles = defineAsyncComponent(() => import('./ComingFiles.vue'))
