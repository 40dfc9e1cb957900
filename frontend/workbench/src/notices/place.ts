/** Where a notice leads: to its conversation, its ticket, or the page that mends what it tells of. */
import type { RouteLocationRaw } from 'vue-router'
import type { Notice } from '@/client/notices'

export function placeOf(notice: Pick<Notice, 'why' | 'ticket_id' | 'conversation_id' | 'facts'>): RouteLocationRaw | null {
  if (notice.why === 'rating.appealed') return { name: 'ratings', params: { part: 'appeals' } }
  if (notice.why === 'rating.decided') return { name: 'ratings', params: { part: 'mine' } }
  if (notice.conversation_id) return { name: 'desk', params: { kind: 'c', id: notice.conversation_id } }
  if (notice.ticket_id) return { name: 'desk', params: { kind: 't', id: notice.ticket_id } }
  if (/^(shift|break|presence|roster|handover)\./.test(notice.why)) return { name: 'roster' }
  if (notice.why === 'blocks.review') return { name: 'review', params: { part: 'blacklist' } }
  if (notice.why.startsWith('alert.')) return { name: 'monitor' }
  if (notice.why.startsWith('inbox.')) return { name: 'settings', params: { part: 'inboxes' } }
  if (notice.why.startsWith('connector.')) return { name: 'settings', params: { part: 'connectors' } }
  if (notice.why === 'outlet.failed') return { name: 'settings', params: { part: 'outlets' } }
  if (notice.why === 'rule.failed') return { name: 'settings', params: { part: 'config' } }
  if (notice.why.startsWith('import.')) return { name: 'settings', params: { part: 'imports', id: String(notice.facts['import'] ?? '') } }
  return null
}
