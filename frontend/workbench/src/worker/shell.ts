/** Which files are the shell of a build, and what the build is called by: the desk without a network. Pure. */

export interface Chunk {
  file: string
  css?: string[]
  imports?: string[]
}

/** What the desk needs without a network; the rest is kept once it was used. */
const SHELL = /^(index\.html|src\/(desk|device|drafts|stores|shell|refusals)|src\/locales\/(zh-CN|en)\/(first\.ts|hands\.json))/

export function shellOf(built: Record<string, Chunk>, page: string, digest: (text: string) => string): { version: string; files: string[] } {
  const files = new Set<string>(['', 'icon.svg'])
  const take = (name: string): void => {
    const chunk = built[name]
    if (!chunk || files.has(chunk.file)) return
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    chunk.imports?.forEach(take)
  }
  Object.keys(built).filter((name) => SHELL.test(name)).forEach(take)
  return { version: digest([...files].join() + page), files: [...files] }
}
