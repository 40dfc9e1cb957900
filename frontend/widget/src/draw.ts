import { isView, type Child, type Props, type View } from './jsx-runtime'

type Shown = View & { node: ChildNode }

/** What an element holds of our drawing, as it was described; a hole keeps the place of what was left out. */
const shown = new WeakMap<Element, (Shown | undefined)[]>()

/**
 * Makes the children of an element what is wanted. A node is kept for the view of the same key, or without a key for
 * the one at the same place. Only attributes and properties are set, so no page's policy against inline code or style
 * is touched.
 */
export function draw(parent: Element, wanted: Child): void {
  const before = shown.get(parent) ?? []
  const left = new Set(before)
  const now = [wanted].flat(9).map((child, at) => {
    const view = viewOf(child)
    const was = view?.key ? before.find((each) => each?.key === view.key) : before[at]
    const kept = was && was.tag === view?.tag && was.key === view.key && left.delete(was) ? was : undefined
    return view && fill({ ...view, node: kept?.node ?? create(view.tag) }, kept?.props ?? {})
  })
  left.forEach((each) => each?.node.remove())
  let spot = parent.firstChild
  for (const each of now) {
    if (each && each.node !== spot) parent.insertBefore(each.node, spot)
    else if (each) spot = each.node.nextSibling
  }
  shown.set(parent, now)
}

/** A text is a view without a tag. */
function viewOf(child: Child): View | undefined {
  if (isView(child)) return child
  return child || child === 0 ? { tag: '', props: { data: String(child) } } : undefined
}

const create = (tag: string): ChildNode =>
  !tag ? new Text() : /^(svg|path)$/.test(tag)
    ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag)

function fill(view: Shown, before: Props): Shown {
  const { node, props, tag } = view
  for (const name in { ...before, ...props }) {
    if (name !== 'children' && props[name] !== before[name]) set(node as Element, name, props[name])
  }
  if (tag) draw(node as Element, props.children)
  return view
}

/** Handlers, texts and what a field holds are properties; all else are attributes. */
function set(node: Element, name: string, value: unknown): void {
  if (/^(on|data$|value$|defaultV)/.test(name)) {
    Object.assign(node, { [name.startsWith('on') ? name.toLowerCase() : name]: value ?? null })
  } else if (value == null || (value === false && !name.startsWith('aria'))) node.removeAttribute(name)
  else node.setAttribute(name, value === true && !name.startsWith('aria') ? '' : String(value))
}
