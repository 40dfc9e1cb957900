/** What a visit says, in the words of an agent. Event names are Segment's; the server translates GA4's. */
import type { Trail, TrailItem } from '@/client/customer.types'

/** The events of a shop: Chinese first, English second. An event of its own keeps its name. */
const EVENTS: Record<string, readonly [string, string]> = {
  'Products Searched': ['搜索', 'Searched'],
  'Product List Viewed': ['浏览列表', 'Viewed list'],
  'Product Clicked': ['点开商品', 'Opened product'],
  'Product Viewed': ['浏览商品', 'Viewed product'],
  'Product Added': ['加入购物车', 'Added to cart'],
  'Product Removed': ['移出购物车', 'Removed from cart'],
  'Cart Viewed': ['查看购物车', 'Viewed cart'],
  'Checkout Started': ['开始结算', 'Started checkout'],
  'Checkout Step Completed': ['填写结算信息', 'Filled in checkout'],
  'Payment Info Entered': ['选择支付方式', 'Chose payment'],
  'Order Completed': ['下单完成', 'Ordered'],
  'Order Cancelled': ['取消订单', 'Cancelled order'],
  'Order Refunded': ['订单退款', 'Order refunded'],
  'Coupon Applied': ['使用优惠券', 'Used coupon'],
  'Promotion Clicked': ['点开活动', 'Opened promotion'],
  'Product Added to Wishlist': ['收藏商品', 'Added to wishlist'],
  'Product Shared': ['分享商品', 'Shared product'],
}

export interface Cart {
  count: number
  total: string
  names: string[]
}

export function pageName(item: Pick<TrailItem, 'title' | 'url'>): string {
  if (item.title) return item.title
  try {
    return new URL(item.url, 'http://page').pathname
  } catch {
    return item.url
  }
}

/** The page before the visitor and what he did before it, newest first as the server tells it. */
export function stepsOf({ items }: Trail): { page: TrailItem | null; earlier: TrailItem[] } {
  const page = items.find((item) => item.kind === 'page') ?? null
  return { page, earlier: items.filter((item) => item !== page) }
}

/** 加入购物车 · 净水器 800G */
export function stepName(item: TrailItem, locale: string): string {
  if (item.kind === 'page') return pageName(item)
  const words = EVENTS[item.kind]
  const action = words ? words[locale.startsWith('zh') ? 0 : 1] : item.kind
  const data = item.data ?? {}
  const what = [data['name'], data['query'], data['order_id'], data['coupon_id']].find((value) => typeof value === 'string' && value)
  return typeof what === 'string' ? `${action} · ${what}` : action
}

export function cartOf(cart: unknown): Cart {
  const { products, value, currency } = (cart ?? {}) as { products?: unknown; value?: unknown; currency?: unknown }
  const lines = (Array.isArray(products) ? products : []) as { name?: string; id?: string; quantity?: number }[]
  const many = (quantity = 1) => (quantity > 1 ? ` ×${quantity}` : '')
  return {
    count: lines.reduce((sum, line) => sum + (line.quantity ?? 1), 0),
    total: Number(value) ? money(Number(value), typeof currency === 'string' ? currency : '') : '',
    names: lines.map((line) => `${line.name || line.id}${many(line.quantity)}`),
  }
}

function money(value: number, currency: string): string {
  try {
    return value.toLocaleString('zh-CN', { style: 'currency', currency: currency || 'CNY', minimumFractionDigits: 0 })
  } catch {
    return `${value.toLocaleString()} ${currency}` // a code no browser knows
  }
}

/** The campaign that brought him, else the site he came from. */
export function sourceOf(origin: unknown): string {
  const { campaign, referrer, landing } = (origin ?? {}) as { campaign?: Record<string, string>; referrer?: string; landing?: string }
  const host = (url = '') => url.split('/')[2] ?? ''
  return campaign?.['source'] || (host(referrer) === host(landing) ? '' : host(referrer).replace(/^www\./, ''))
}
