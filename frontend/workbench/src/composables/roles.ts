/** Roles that ship are called as the reader speaks; those of the house's own have the name they were given. */
import { useI18n } from 'vue-i18n'

export function useRoleNames() {
  const { t, te } = useI18n()
  return (key: string, name: string): string => (te(`role.${key}`) ? t(`role.${key}`) : name)
}
