import type { InvitationRule } from './wire'

/** What is known on the visitor's page when invitations are considered. */
export interface Moment {
  url: string
  pageSeconds: number
  visitSeconds: number
  pages: number
  views: string[]
  scrollPercent: number
  exitIntent: boolean
  events: ReadonlySet<string>
  cartValue: number
}

/** The first rule whose conditions all hold. Which rules a visitor may still get was decided by the server. */
export function dueInvitation(rules: readonly InvitationRule[], moment: Moment): InvitationRule | undefined {
  return rules.find((rule) => holds(rule, moment))
}

function holds(rule: InvitationRule, moment: Moment): boolean {
  const { views } = rule
  return (
    moment.url.includes(rule.url_contains ?? '') &&
    moment.pageSeconds >= (rule.page_seconds ?? 0) &&
    moment.visitSeconds >= (rule.visit_seconds ?? 0) &&
    moment.pages >= (rule.pages ?? 0) &&
    (!views || moment.views.filter((url) => url.includes(views.url_contains)).length >= views.count) &&
    moment.scrollPercent >= (rule.scroll_percent ?? 0) &&
    (!rule.exit_intent || moment.exitIntent) &&
    (!rule.event || moment.events.has(rule.event)) &&
    moment.cartValue >= (rule.cart_value ?? 0)
  )
}
