/** JSX without a library: an element is its description, a component is a function that is called at once. */

export interface View {
  tag: string
  key?: string
  props: Props
}

export type Child = View | string | number | boolean | null | undefined | Child[]
export type Props = Record<string, unknown> & { children?: Child }

type Called<E, Target> = (event: E & { currentTarget: Target }) => void

interface Handlers<Target> {
  onClick?: Called<MouseEvent, Target>
  onChange?: Called<Event, Target>
  onDragLeave?: Called<DragEvent, Target>
  onDragOver?: Called<DragEvent, Target>
  onDrop?: Called<DragEvent, Target>
  onFocus?: Called<FocusEvent, Target>
  onInput?: Called<InputEvent, Target>
  onKeyDown?: Called<KeyboardEvent, Target>
  onLoad?: Called<Event, Target>
  onPaste?: Called<ClipboardEvent, Target>
  onScroll?: Called<Event, Target>
  onSubmit?: Called<SubmitEvent, Target>
}

type Attributes = Record<string, Child | ((event: never) => void)>

// eslint-disable-next-line @typescript-eslint/no-namespace -- where TypeScript looks for the types of JSX
export namespace JSX {
  export type Element = Child
  export interface ElementChildrenAttribute {
    children: unknown
  }
  export interface IntrinsicAttributes {
    key?: string
  }
  export type IntrinsicElements = {
    [Tag in keyof HTMLElementTagNameMap]: Attributes & Handlers<HTMLElementTagNameMap[Tag]>
  } & { svg: Attributes; path: Attributes }
}

export const Fragment = ({ children }: { children?: Child }): Child => children

export function jsx(tag: string | ((props: Props) => Child), props: Props, key?: string): Child {
  if (typeof tag === 'string') return { tag, props, key }
  const made = tag(props)
  return key && isView(made) ? { ...made, key } : made
}

export { jsx as jsxs }

export const isView = (child: Child): child is View => !!(child as View | null)?.props
