import type { Config } from 'yizhan-sdk'

/** Who speaks: the brand's picture, or the first sign of the name. */
export function Face({ config, name }: { config: Config; name?: string }) {
  if (!name && config.logo) return <img class="face" src={config.logo} alt="" />
  return <span class="face" aria-hidden="true">{[...(name || config.name)][0]}</span>
}
