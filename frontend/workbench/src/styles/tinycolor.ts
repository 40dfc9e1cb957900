/** Element Plus mixes colours for buttons of a colour of their own; ours have only tokens, and the mixer stays away. */
export function TinyColor(): never {
  throw new Error('no button has a colour of its own: name a token in styles/tokens.css')
}
