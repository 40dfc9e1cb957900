/** What a program can see on a page: what is wider than its place, what is cut off, and every word that is shown. */
() => {
  const width = document.documentElement.clientWidth
  const wide = new Set()
  const cut = new Set()
  const words = new Set()
  const small = new Set()
  const named = (each) => [each.tagName.toLowerCase(), ...each.classList].join('.')
  const scrolls = (each) => ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(each).overflowX)
  const within = (each) => {
    for (let up = each.parentElement; up; up = up.parentElement) if (scrolls(up)) return true
    return false
  }

  if (document.scrollingElement.scrollWidth > width) wide.add(`the page: ${document.scrollingElement.scrollWidth}`)
  for (const each of document.body.querySelectorAll('*')) {
    const box = each.getBoundingClientRect()
    if (box.width <= 4 || box.height <= 1) continue
    const { overflowX, textOverflow, display } = getComputedStyle(each)
    const more = each.scrollWidth > each.clientWidth + 1
    // What is made to be moved sideways says so by its class.
    if (more && each.clientWidth > 40 && ['auto', 'scroll'].includes(overflowX) && !each.closest('.rail, .scroll-x, pre')) {
      wide.add(`${named(each)} ${each.scrollWidth} in ${each.clientWidth}`)
    }
    if (box.right > width + 1 && !within(each)) wide.add(`${named(each)} to ${Math.round(box.right)}`)
    const own = [...each.childNodes].map((node) => (node.nodeType === 3 ? node.data.trim() : '')).join(' ').trim()
    if (!own) continue
    if (!each.closest('.bubble, .subject, .preview, .detail, [role=option] .title')) words.add(own) // what people wrote stays as it is
    if (!more || textOverflow === 'ellipsis' || display === 'inline') continue
    if (['hidden', 'clip'].includes(overflowX)) cut.add(`${named(each)}: ${own.slice(0, 40)}`)
    if (['BUTTON', 'A', 'TH'].includes(each.tagName)) cut.add(`${named(each)} spills: ${own.slice(0, 40)}`)
  }
  for (const each of document.querySelectorAll('[placeholder], [aria-label], [title]')) {
    for (const kind of ['placeholder', 'aria-label', 'title']) words.add(each.getAttribute(kind) ?? '')
  }
  // Under a finger: 48 px, or with so much of a label, a row or a link's own line around it.
  if (matchMedia('(pointer: coarse)').matches) {
    for (const each of document.querySelectorAll('button, select, textarea, input, [role=tab], [role=option], nav a, li > a')) {
      const box = (each.closest('label') ?? each).getBoundingClientRect()
      if (!box.width || !box.height || each.disabled || each.closest('[aria-hidden=true], .sr-only, .mail, p, [inert]')) continue
      if (!each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || each.tabIndex < 0) continue
      if (box.height < 47.5 || box.width < 47.5) small.add(`${named(each)} ${Math.round(box.width)}×${Math.round(box.height)} ${each.dataset.test ?? ''}`)
    }
  }
  return { small: [...small], wide: [...wide], cut: [...cut], words: [...words] }
}
