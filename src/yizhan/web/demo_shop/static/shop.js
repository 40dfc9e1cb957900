'use strict'
// Calls made before the widget's script arrived wait in its queue.
window.yizhan = window.yizhan || function () { (window.yizhan.q = window.yizhan.q || []).push(arguments) }

const PRODUCTS = [
  { id: 'KJ-A3', brand: 'home', name: '空气净化器 A3', note: '除甲醛 · 42 dB 静音', price: 1299, was: 1599, art: 'purifier', tone: ['#dcefe8', '#b7dccb'], tag: '热卖', facts: [['适用面积', '35–60 ㎡'], ['滤芯', '复合滤芯,约 6 个月'], ['保修', '整机 2 年']] },
  { id: 'JS-R600', brand: 'home', name: '厨下净水器 R600', note: '600 加仑 · 即滤即饮', price: 1999, was: 2399, art: 'water', tone: ['#dceaf6', '#b5d0ea'], tag: '免费安装', facts: [['出水', '1.58 L/分'], ['滤芯', 'PAC 6–12 个月,RO 36 个月'], ['保修', '整机 1 年,滤芯另计']] },
  { id: 'LX-3', brand: 'home', name: '净水滤芯三支装', note: '适配 R600 / R400', price: 269, art: 'filter', tone: ['#f4ead2', '#e6d3a6'], facts: [['适配', 'R600、R400'], ['寿命', '约 12 个月'], ['保修', '耗材,不在保修内']] },
  { id: 'SD-S2', brand: 'home', name: '扫拖机器人 S2', note: '自动集尘 · 激光导航', price: 2499, was: 2899, art: 'robot', tone: ['#e9e4f4', '#cabfe4'], tag: '新品', facts: [['续航', '180 分钟'], ['集尘', '3 L,约 60 天'], ['保修', '整机 1 年,电池 6 个月']] },
  { id: 'DT-180', brand: 'textile', name: '双控水暖毯', note: '1.8 m · 断电保护', price: 399, was: 499, art: 'blanket', tone: ['#fbe3da', '#f3bfae'], tag: '冬日', facts: [['尺寸', '180 × 200 cm'], ['控温', '左右独立 25–60 ℃'], ['保修', '整机 2 年']] },
  { id: 'SJ-4', brand: 'textile', name: '长绒棉四件套', note: '60 支 · 亲肤', price: 459, art: 'bedding', tone: ['#f3ece0', '#dfcfb4'], facts: [['面料', '新疆长绒棉'], ['尺寸', '被套 200 × 230 cm'], ['退换', '未下水 7 天']] },
  { id: 'XC-V1', brand: 'digital', name: '无线吸尘器 V1', note: '1.2 kg · 续航 45 分钟', price: 799, was: 999, art: 'vacuum', tone: ['#e1ecf7', '#bcd4ec'], facts: [['吸力', '150 AW'], ['续航', '45 分钟'], ['保修', '整机 1 年']] },
  { id: 'YD-01', brand: 'digital', name: '感应小夜灯', note: '三档 · 磁吸', price: 59, art: 'lamp', tone: ['#fdf3d3', '#f6dd93'], facts: [['亮度', '三档'], ['充电', 'Type-C'], ['保修', '1 年换新']] },
]
const BRANDS = { home: '家电', textile: '家纺', digital: '小电子' }
const ART = {
  purifier: '<rect x="150" y="70" width="100" height="170" rx="26" fill="#fff"/><rect x="150" y="70" width="100" height="34" rx="17" fill="#e9f3ee"/><circle cx="200" cy="87" r="9" fill="#1f6f54"/><g stroke="#cfe3d9" stroke-width="4" stroke-linecap="round"><path d="M172 130v84M186 130v84M200 130v84M214 130v84M228 130v84"/></g>',
  water: '<rect x="120" y="92" width="96" height="150" rx="18" fill="#fff"/><rect x="136" y="112" width="64" height="10" rx="5" fill="#b5d0ea"/><path d="M262 242V120a26 26 0 0 1 52 0v10" fill="none" stroke="#fff" stroke-width="14" stroke-linecap="round"/><path d="M314 150c12 18 16 26 16 34a16 16 0 0 1-32 0c0-8 4-16 16-34Z" fill="#4f8fca"/>',
  filter: '<g fill="#fff"><rect x="96" y="84" width="56" height="156" rx="16"/><rect x="172" y="84" width="56" height="156" rx="16"/><rect x="248" y="84" width="56" height="156" rx="16"/></g><g fill="#c69b3c"><rect x="96" y="120" width="56" height="44"/><rect x="172" y="120" width="56" height="44" opacity=".75"/><rect x="248" y="120" width="56" height="44" opacity=".5"/></g>',
  robot: '<ellipse cx="200" cy="206" rx="112" ry="40" fill="#fff"/><ellipse cx="200" cy="192" rx="112" ry="40" fill="#f7f5fb"/><circle cx="200" cy="182" r="22" fill="#8d78c4"/><circle cx="200" cy="180" r="12" fill="#cabfe4"/><rect x="118" y="206" width="164" height="6" rx="3" fill="#dcd5ec"/>',
  blanket: '<path d="M92 110h190a28 28 0 0 1 28 28v92H92a28 28 0 0 1-28-28v-64a28 28 0 0 1 28-28Z" fill="#fff"/><path d="M84 140h200M84 166h200M84 192h200" stroke="#f3bfae" stroke-width="5" stroke-linecap="round" stroke-dasharray="2 16"/><rect x="296" y="170" width="44" height="62" rx="10" fill="#c75b3c"/><circle cx="318" cy="190" r="8" fill="#fff"/>',
  bedding: '<rect x="70" y="136" width="260" height="96" rx="24" fill="#fff"/><rect x="84" y="96" width="104" height="60" rx="22" fill="#faf5ea"/><rect x="212" y="96" width="104" height="60" rx="22" fill="#faf5ea"/><path d="M70 176c60 26 200 26 260 0v32a24 24 0 0 1-24 24H94a24 24 0 0 1-24-24Z" fill="#d9c49d"/>',
  vacuum: '<path d="M128 76l92 128" stroke="#fff" stroke-width="20" stroke-linecap="round"/><rect x="92" y="52" width="74" height="46" rx="20" fill="#fff" transform="rotate(14 129 75)"/><rect x="196" y="196" width="130" height="34" rx="16" fill="#fff"/><rect x="208" y="220" width="106" height="10" rx="5" fill="#7aa6d4"/><circle cx="122" cy="76" r="9" fill="#3c78b4"/>',
  lamp: '<circle cx="200" cy="140" r="96" fill="#fff" opacity=".45"/><circle cx="200" cy="140" r="62" fill="#fffdf4"/><circle cx="200" cy="140" r="38" fill="#f7cf5b"/><rect x="176" y="208" width="48" height="30" rx="12" fill="#fff"/>',
}
const view = document.getElementById('view')
const byId = (id) => document.getElementById(id)
const yuan = (amount) => '¥' + amount.toLocaleString('zh-CN')
const cart = new Map(JSON.parse(localStorage.getItem('demo-cart') || '[]'))
const cartValue = () => [...cart].reduce((sum, [id, count]) => sum + product(id).price * count, 0)
const product = (id) => PRODUCTS.find((each) => each.id === id)
const track = (name, more) => window.yizhan('track', name, { ...more, currency: 'CNY', cart_value: cartValue() })
const shape = ({ id, name, price }, quantity = 1) => ({ product_id: id, name, price, quantity })

function picture({ art, tone, name }) {
  const id = `g-${art}`
  return `<svg viewBox="0 0 400 300" role="img" aria-label="${name}" preserveAspectRatio="xMidYMid slice"><defs><linearGradient id="${id}" x1="0" y1="0" x2="1" y2="1"><stop stop-color="${tone[0]}"/><stop offset="1" stop-color="${tone[1]}"/></linearGradient></defs><rect width="400" height="300" fill="url(#${id})"/><ellipse cx="200" cy="250" rx="130" ry="14" fill="#000" opacity=".06"/>${ART[art]}</svg>`
}

const card = (each) => `<article class="product"><a class="picture" href="/demo/shop/p/${each.id}" data-go>${picture(each)}</a><div class="about">${each.tag ? `<span class="tag">${each.tag}</span>` : ''}<a href="/demo/shop/p/${each.id}" data-go><b>${each.name}</b></a><small>${each.note}</small><div class="price"><b>${yuan(each.price)}${each.was ? `<del>${yuan(each.was)}</del>` : ''}</b><button type="button" class="add" data-add="${each.id}">加入购物车</button></div></div></article>`

const PAGES = {
  home: () => `<section class="hero"><div><h1>空气、水、睡眠,<br>都轻一点。</h1><p>山雀生活做三件事:让家里的空气干净,水好喝,夜里睡得暖。买前买后,右下角随时有人。</p><div class="actions"><a class="button" href="/demo/shop/p/KJ-A3" data-go>看看 A3 净化器</a><button type="button" class="button quiet" data-chat>问问客服</button></div></div><svg viewBox="0 0 420 320" aria-hidden="true"><circle cx="300" cy="120" r="110" fill="#fff" opacity=".55"/><path d="M60 230c0-92 62-156 156-156 50 0 84 30 86 66l58 18-58 26c-4 82-66 130-142 130-62 0-100-34-100-84Z" fill="#1f6f54"/><path d="M108 226c26 34 96 40 150 6-10 46-54 74-100 74-30 0-52-30-50-80Z" fill="#f3eee0"/><circle cx="254" cy="132" r="11" fill="#fff"/><circle cx="257" cy="131" r="5" fill="#20302a"/><path d="M92 196c36-50 96-58 132-30-24 44-84 62-132 30Z" fill="#164f3c"/></svg></section>
<section class="promises"><div><b>次日达</b><span>16 点前下单,全国 210 城</span></div><div><b>30 天试用</b><span>用过也能退,运费我们出</span></div><div><b>整机 2 年保修</b><span>上门取件,修不好换新</span></div><div><b>1 分钟有人应答</b><span>任何时候都能转人工</span></div></section>
<h2 class="title">大家在买</h2><div class="grid">${PRODUCTS.map(card).join('')}</div>`,
  list: (brand) => `<p class="crumbs"><a href="/demo/shop" data-go>首页</a> / ${BRANDS[brand]}</p><h2 class="title">${BRANDS[brand]}</h2><div class="grid">${PRODUCTS.filter((each) => each.brand === brand).map(card).join('')}</div>`,
  product: (each) => `<p class="crumbs"><a href="/demo/shop" data-go>首页</a> / <a href="/demo/shop/c/${each.brand}" data-go>${BRANDS[each.brand]}</a> / ${each.name}</p><section class="detail"><div class="picture">${picture(each)}</div><div>${each.tag ? `<span class="tag">${each.tag}</span>` : ''}<h1>${each.name}</h1><p>${each.note}</p><div class="price"><b>${yuan(each.price)}${each.was ? `<del>${yuan(each.was)}</del>` : ''}</b></div><dl>${each.facts.map(([name, fact]) => `<dt>${name}</dt><dd>${fact}</dd>`).join('')}</dl><div class="actions"><button type="button" class="button" data-add="${each.id}">加入购物车</button><button type="button" class="button quiet" data-chat>咨询这件商品</button></div></div></section>`,
  warranty: () => `<section class="paper"><h1>保修政策</h1><p>自签收次日起算。凭订单号即可,不需要发票和保修卡。</p><table><tr><th>品类</th><th>整机</th><th>电池 / 滤芯</th></tr><tr><td>空气净化器、水暖毯</td><td>2 年</td><td>滤芯为耗材</td></tr><tr><td>净水器、扫拖机器人、吸尘器</td><td>1 年</td><td>电池 6 个月</td></tr><tr><td>小夜灯</td><td>1 年换新</td><td>—</td></tr></table><h2>怎么报修</h2><p>点右下角的气泡,说明型号和现象,附一张照片。我们会在 1 小时内给出方案:远程指导、寄件或上门。</p><h2>不在保修内</h2><p>人为损坏、进水(净水器除外)、自行拆改。仍可付费维修,先报价后动手。</p><p><button type="button" class="button" data-chat>我要报修</button></p></section>`,
  returns: () => `<section class="paper"><h1>退换货说明</h1><p>30 天内,拆封用过也可以退,运费由我们承担。家纺类未下水 7 天内可退。</p><h2>退款多久到账</h2><p>仓库签收后 1 个工作日内发起,原路退回,银行一般 1–3 个工作日入账。</p><p><button type="button" class="button" data-chat>我要退换</button></p></section>`,
  missing: () => `<section class="paper"><h1>没有这个页面</h1><p><a class="button" href="/demo/shop" data-go>回到首页</a></p></section>`,
}

function show() {
  const [part, id] = location.pathname.replace(/^\/demo\/shop\/?/, '').split('/')
  const found = part === 'p' ? product(id) : null
  let title = '山雀生活 · 让家轻一点'
  let html = PAGES.missing()
  if (!part) html = PAGES.home()
  else if (found) { html = PAGES.product(found); title = `${found.name} · 山雀生活` }
  else if (part === 'c' && BRANDS[id]) { html = PAGES.list(id); title = `${BRANDS[id]} · 山雀生活` }
  else if (part === 'warranty') { html = PAGES.warranty(); title = '保修政策 · 山雀生活' }
  else if (part === 'returns') { html = PAGES.returns(); title = '退换货说明 · 山雀生活' }
  view.innerHTML = html
  document.title = title
  for (const link of document.querySelectorAll('nav a')) {
    if (link.pathname === location.pathname) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  window.yizhan('setProduct', found ? { id: found.id, title: found.name, price: yuan(found.price), url: location.href, note: found.note } : null)
  if (found) track('Product Viewed', shape(found))
}

function go(address) {
  history.pushState(null, '', address)
  show()
  scrollTo(0, 0)
  view.focus({ preventScroll: true })
}

function change(id, by) {
  const count = (cart.get(id) || 0) + by
  if (count > 0) cart.set(id, count)
  else cart.delete(id)
  localStorage.setItem('demo-cart', JSON.stringify([...cart]))
  drawCart()
  track(by > 0 ? 'Product Added' : 'Product Removed', shape(product(id), Math.abs(by)))
}

function drawCart() {
  byId('cart-count').textContent = [...cart.values()].reduce((sum, count) => sum + count, 0)
  byId('cart-total').textContent = yuan(cartValue())
  byId('cart-lines').innerHTML = cart.size
    ? [...cart].map(([id, count]) => `<li><span class="picture">${picture(product(id))}</span><span><b>${product(id).name}</b><br><small>${yuan(product(id).price)}</small></span><span class="steps"><button type="button" data-less="${id}" aria-label="减少">−</button><span>${count}</span><button type="button" data-add="${id}" aria-label="增加">+</button></span></li>`).join('')
    : '<li class="empty">还没有商品,去逛逛吧</li>'
}

let toastTimer = 0
function toast(text) {
  byId('toast').textContent = text
  byId('toast').hidden = false
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => { byId('toast').hidden = true }, 1800)
}

function openCart(open) {
  byId('drawer').hidden = !open
  if (!open) { byId('cart-open').focus(); return }
  byId('cart-close').focus()
  track('Cart Viewed', { products: [...cart].map(([id, count]) => shape(product(id), count)) })
}

function checkout() {
  if (!cart.size) return
  const products = [...cart].map(([id, count]) => shape(product(id), count))
  track('Checkout Started', { products, value: cartValue() })
  const order = 'SO' + new Date().toISOString().slice(0, 10).replaceAll('-', '') + '-' + String(Math.floor(Math.random() * 9000) + 1000)
  track('Order Completed', { order_id: order, total: cartValue(), products })
  cart.clear()
  localStorage.removeItem('demo-cart')
  drawCart()
  openCart(false)
  toast(`下单成功,订单号 ${order}`)
}

document.addEventListener('click', (event) => {
  const on = event.target.closest('[data-go],[data-add],[data-less],[data-chat]')
  if (!on || event.ctrlKey || event.metaKey) return
  if (on.hasAttribute('data-go')) { event.preventDefault(); go(on.getAttribute('href')) }
  else if (on.dataset.add) { change(on.dataset.add, 1); if (byId('drawer').hidden) toast('已加入购物车') }
  else if (on.dataset.less) change(on.dataset.less, -1)
  else window.yizhan('open')
})
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !byId('drawer').hidden) openCart(false) })
byId('cart-open').addEventListener('click', () => openCart(true))
byId('cart-close').addEventListener('click', () => openCart(false))
byId('checkout').addEventListener('click', checkout)
addEventListener('popstate', show)
drawCart()
show()
