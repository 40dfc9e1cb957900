import { maskUrl, type Page } from 'yizhan-sdk'

export const currentPage = (): Page => ({
  url: maskUrl(location.href),
  title: document.title,
  referrer: maskUrl(document.referrer),
})
