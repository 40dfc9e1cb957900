import { i18n } from '@/i18n'

/** The dialogs' library calls the bar of a title a header, which would be a second banner of the page: it is none. */
export function tellNoBanner(page: Document = document): MutationObserver {
  const tell = () => {
    page.querySelectorAll('header.el-dialog__header:not([role]), header.el-drawer__header:not([role])').forEach((bar) => bar.setAttribute('role', 'none'))
    // Menus hang at the end of the page: they are a place of it, too.
    page.querySelectorAll('[id^="el-popper-container"]:not([role])').forEach((place) => {
      place.setAttribute('role', 'region')
      place.setAttribute('aria-label', i18n.global.t('more'))
    })
  }
  const watching = new MutationObserver(tell)
  watching.observe(page.body, { childList: true, subtree: true })
  return watching
}
