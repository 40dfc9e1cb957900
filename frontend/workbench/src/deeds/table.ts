/** What one can do, the key of each and the word for it: palette, key map, help sheet and tooltips all read this. */

export type Group = 'moving' | 'writing' | 'acting'
/** Where a key counts: in the shell always, on the desk, while pairs are judged. Two places never share the screen. */
export type Place = 'shell' | 'desk' | 'review'

export interface Deed {
  word: string
  group: Group
  place: Place
  /** Modifiers first, as `nameOf` says it: `j`, `mod+k`, `mod+shift+Enter`. */
  key?: string
  /** Lies on the key of this one, and runs where this one is not offered. */
  shares?: string
  /** The text field listens to this one itself. */
  field?: true
  /** Means nothing when chosen from a list. */
  unlisted?: true
}

const desk = (group: Group, word: string, key?: string, more: Partial<Deed> = {}): Deed => ({ group, word, place: 'desk', ...(key ? { key } : {}), ...more })
const act = (name: string, key?: string, more: Partial<Deed> = {}) => desk('acting', `thread.${name}`, key, more)

export const DEEDS = {
  palette: { word: 'help.palette', group: 'moving', place: 'shell', key: 'mod+k', unlisted: true },
  next: desk('moving', 'help.next', 'j', { unlisted: true }),
  previous: desk('moving', 'help.previous', 'k', { unlisted: true }),
  longest: desk('moving', 'help.longest', 'u'),
  customer: desk('moving', 'help.customer', 'i'),
  find: desk('moving', 'thread.find', 'mod+f'),
  beside: desk('moving', 'panes.beside', 'v'),
  tile: desk('moving', 'panes.tile'),
  next_pane: desk('moving', 'panes.next', 'F6'),
  previous_pane: desk('moving', 'panes.previous', 'shift+F6', { unlisted: true }),
  close_pane: desk('moving', 'panes.close', 'z'),
  leave: desk('moving', 'help.leave', 'Escape', { unlisted: true }),
  reply: desk('writing', 'help.reply', 'r'),
  note: desk('writing', 'help.note', 'n'),
  quote: desk('writing', 'composer.quote', 'q'),
  quick: desk('writing', 'help.quick', '/'),
  order_card: desk('writing', 'help.order_card', 'o'),
  parcel: desk('acting', 'help.parcel', 'd'),
  send: desk('writing', 'help.send', 'mod+Enter', { field: true, unlisted: true }),
  send_pending: desk('writing', 'help.send_pending', 'mod+shift+Enter', { field: true, unlisted: true }),
  undo: desk('writing', 'help.undo', 'mod+z', { unlisted: true }),
  pull: act('pull', 'p'),
  transfer: act('transfer', 't'),
  assign: act('assign', undefined, { shares: 'transfer' }),
  end: act('end', 'e'),
  submit: act('submit', undefined, { shares: 'end' }),
  confirm: act('confirm', undefined, { shares: 'end' }),
  reopen: act('reopen', undefined, { shares: 'end' }),
  wait: act('wait', 'w'),
  go_on: act('go_on', undefined, { shares: 'wait' }),
  change: act('change', 'c'),
  macro: act('macro', 'x'),
  join: desk('acting', 'help.join', 'm'),
  separate: desk('acting', 'help.separate', 's'),
  consult: act('consult', 'b'),
  raise: act('raise', 'l'),
  why: act('why', 'h'),
  why_done: act('why_done', undefined, { shares: 'why' }),
  promise: act('promise'),
  put_back: act('put_back'),
  start: act('start'),
  chase: act('chase'),
  split: act('split'),
  merge: act('merge'),
  unjoin: act('unjoin'),
  invite_rating: act('invite_rating'),
  complaint: act('complaint'),
  appointment: act('appointment'),
  around: act('around'),
  trace: act('trace'),
  due: act('due'),
  cancel: act('cancel'),
  help: { word: 'help.help', group: 'moving', place: 'shell', key: '?' },
  pair_same: { word: 'help.pair_same', group: 'acting', place: 'review', key: 'a' },
  pair_different: { word: 'help.pair_different', group: 'acting', place: 'review', key: 'r' },
  pair_next: { word: 'help.next', group: 'moving', place: 'review', key: 'j', unlisted: true },
  pair_previous: { word: 'help.previous', group: 'moving', place: 'review', key: 'k', unlisted: true },
} satisfies Record<string, Deed>

export type DeedName = keyof typeof DEEDS

export const NAMES = Object.keys(DEEDS) as DeedName[]
export const deedOf = (name: DeedName): Deed => DEEDS[name]

/** Its own key, or the one it shares. */
export function keyOf(name: DeedName): string | undefined {
  const deed = deedOf(name)
  return deed.key ?? (deed.shares ? deedOf(deed.shares as DeedName).key : undefined)
}

/** Who lies on a key, the owner before those who share it. */
export const onKey = (key: string): DeedName[] =>
  NAMES.filter((name) => !deedOf(name).field && keyOf(name) === key).sort((a, b) => Number(!deedOf(a).key) - Number(!deedOf(b).key))
