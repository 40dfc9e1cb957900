/** @ in a note: who is named in the end. */

export interface Named {
  id: string
  name: string
}

export interface Asked {
  query: string
  from: number
  to: number
}

/** Whose @name still stands in the words; of two of one name who was picked, else both. */
export function mentionsIn(text: string, agents: Named[], picked: string[]): string[] {
  const named = new Set<string>()
  let left = text
  for (const name of [...new Set(agents.map((each) => each.name))].sort((a, b) => b.length - a.length)) {
    if (name && left.includes(`@${name}`)) named.add(name)
    left = left.replaceAll(`@${name}`, ' ')
  }
  return [...named].flatMap((name) => {
    const all = agents.filter((each) => each.name === name).map((each) => each.id)
    const chosen = all.filter((id) => picked.includes(id))
    return chosen.length ? chosen : all
  })
}
