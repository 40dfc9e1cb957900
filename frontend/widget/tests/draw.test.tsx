import { beforeEach, describe, expect, it, vi } from 'vitest'
import { draw } from '../src/draw'

let box: HTMLElement

beforeEach(() => {
  box = document.createElement('div')
})

const Rows = ({ names }: { names: string[] }) => names.map((name) => <p key={name}>{name}</p>)

describe('drawing', () => {
  it('makes elements, texts, attributes and handlers', () => {
    const pressed = vi.fn()
    draw(box, <button class="chip" disabled={false} aria-pressed={false} hidden onClick={pressed}>{'<b>'}{0}{null}{false}</button>)
    expect(box.innerHTML).toBe('<button class="chip" aria-pressed="false" hidden="">&lt;b&gt;0</button>')
    box.querySelector('button')?.click()
    expect(pressed).toHaveBeenCalledOnce()
  })

  it('draws pictures in their own namespace', () => {
    draw(box, <svg viewBox="0 0 24 24"><path d="M0 0" /></svg>)
    expect(box.querySelector('path')).toBeInstanceOf(SVGElement)
    expect(box.querySelector('svg')?.getAttribute('viewBox')).toBe('0 0 24 24')
  })

  it('keeps the element and changes what differs', () => {
    draw(box, <a href="/a" title="t">one</a>)
    const first = box.firstChild
    draw(box, <a href="/b">two</a>)
    expect(box.firstChild).toBe(first)
    expect(box.innerHTML).toBe('<a href="/b">two</a>')
  })

  it('lets go of a handler that is no longer there', () => {
    const pressed = vi.fn()
    draw(box, <button onClick={pressed}>a</button>)
    draw(box, <button>a</button>)
    box.querySelector('button')?.click()
    expect(pressed).not.toHaveBeenCalled()
  })

  it('keeps a field what it is while something before it comes and goes', () => {
    const view = (warned: boolean) => [warned && <p>!</p>, <textarea />]
    draw(box, view(false))
    const field = box.querySelector('textarea')
    draw(box, view(true))
    expect(box.querySelector('textarea')).toBe(field)
    expect(box.innerHTML).toBe('<p>!</p><textarea></textarea>')
    draw(box, view(false))
    expect(box.innerHTML).toBe('<textarea></textarea>')
  })

  it('follows keys through insertion before, removal and a new order', () => {
    draw(box, <Rows names={['b', 'c']} />)
    const [b, c] = [...box.children]
    draw(box, <Rows names={['a', 'b', 'c']} />)
    expect([...box.children].slice(1)).toEqual([b, c])
    draw(box, <Rows names={['c', 'a']} />)
    expect(box.textContent).toBe('ca')
    expect(box.firstChild).toBe(c)
  })

  it('gives a component of one element its key', () => {
    const Card = ({ text }: { text: string }) => <div>{text}</div>
    draw(box, [<Card key="x" text="1" />])
    const first = box.firstChild
    draw(box, [<i key="new" />, <Card key="x" text="2" />])
    expect(box.lastChild).toBe(first)
    expect(first?.textContent).toBe('2')
  })

  it('replaces an element by another of its place', () => {
    draw(box, <b>1</b>)
    draw(box, <i>1</i>)
    expect(box.innerHTML).toBe('<i>1</i>')
    draw(box, null)
    expect(box.innerHTML).toBe('')
  })

  it('sets what a field holds, not what its markup said', () => {
    draw(box, <textarea value="one" />)
    draw(box, <textarea value="two" />)
    expect(box.querySelector('textarea')?.value).toBe('two')
  })
})
