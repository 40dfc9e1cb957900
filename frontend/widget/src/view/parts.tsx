import type { IconName } from '../../look'
import { config } from '../app'
import { iconPath } from '../look'

/** Who speaks: the brand's picture, or the first sign of the name. */
export function Face({ name }: { name?: string | null }) {
  if (!name && config.logo) return <img class="face" src={config.logo} alt="" />
  return <span class="face" aria-hidden={true}>{[...(name || config.name)][0]}</span>
}

export function Icon({ name }: { name: IconName }) {
  return <svg viewBox="0 0 24 24" aria-hidden={true} class="icon"><path d={iconPath(name)} /></svg>
}

/** A button of one sign. */
export function Sign({ name, label, does, look = 'round' }: { name: IconName; label: string; does: () => void; look?: string }) {
  return <button class={look} aria-label={label} title={label} onClick={does}><Icon name={name} /></button>
}

export function Chip({ text, does, icon, on }: { text: string; does: () => void; icon?: IconName; on?: boolean }) {
  return <button class={`chip ${on ? 'on' : ''}`} aria-pressed={on} onClick={does}>{icon && <Icon name={icon} />}{text}</button>
}
