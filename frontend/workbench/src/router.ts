import { createRouter, createWebHistory } from 'vue-router'
import DeskPage from './desk/DeskPage.vue'
import { say } from './composables/toast'
import { i18n, learn } from './i18n'
import { useSession } from './stores/session'

const NEEDS: Record<string, string[]> = {
  monitor: ['supervise'],
  complaints: ['complaint.manage'],
  customers: ['customer.read'],
  customer: ['customer.read'],
  segments: ['customer.read'],
  counter: ['counter.serve'],
  replies: ['message.reply'],
}

const rosterPage = async () => {
  await learn('roster')
  return import('./roster/RosterPage.vue')
}

const complaintsPage = async () => {
  await learn('complaints')
  return import('./complaints/ComplaintsPage.vue')
}

const ratingsPage = async () => {
  await learn('ratings')
  return import('./ratings/RatingsPage.vue')
}

const settingsPage = async () => {
  await learn('admin')
  return import('./settings/SettingsPage.vue')
}

const monitorPage = async () => {
  await Promise.all([learn('monitor'), learn('why')])
  return import('./monitor/MonitorPage.vue')
}

const counterPage = async () => {
  await Promise.all([learn('counter'), learn('customers')])
  return import('./counter/CounterPage.vue')
}

const repliesPage = async () => {
  await learn('replies')
  return import('./replies/RepliesPage.vue')
}

const reviewPage = async () => {
  await learn('review')
  return import('./review/ReviewPage.vue')
}

const customersPage = async () => {
  await learn('customers')
  return import('./customers/CustomersPage.vue')
}

const customerPage = async () => {
  await learn('customers')
  return import('./customers/CustomerPage.vue')
}

const segmentsPage = async () => {
  await Promise.all([learn('segments'), learn('customers'), learn('admin')])
  return import('./segments/SegmentsPage.vue')
}

export function createDoors() {
  const router = createRouter({
    history: createWebHistory(import.meta.env.BASE_URL),
    routes: [
      { path: '/login', name: 'login', component: () => import('./login/LoginPage.vue') },
      { path: '/', redirect: { name: 'desk' } },
      { path: '/desk/:kind(c|t)?/:id?', name: 'desk', component: DeskPage },
      { path: '/customers', name: 'customers', component: customersPage },
      { path: '/customers/:id', name: 'customer', component: customerPage },
      { path: '/segments/:key?/:edit(edit)?', name: 'segments', component: segmentsPage },
      { path: '/visitors', name: 'visitors', component: () => import('./visitors/VisitorsPage.vue') },
      { path: '/notices', name: 'notices', component: () => import('./notices/NoticesPage.vue') },
      { path: '/roster/:part?', name: 'roster', component: rosterPage },
      { path: '/complaints', name: 'complaints', component: complaintsPage },
      { path: '/promises/:part?', name: 'promises', component: () => import('./promises/PromisesPage.vue') },
      { path: '/ratings/:part?', name: 'ratings', component: ratingsPage },
      { path: '/replies', name: 'replies', component: repliesPage },
      { path: '/counter', name: 'counter', component: counterPage },
      { path: '/monitor', name: 'monitor', component: monitorPage },
      { path: '/review/:part?', name: 'review', component: reviewPage },
      { path: '/settings/:part?/:id?/:sub?', name: 'settings', component: settingsPage },
      { path: '/:rest(.*)', redirect: { name: 'desk' } },
    ],
  })
  router.beforeEach(async (to) => {
    const session = useSession()
    const known = session.me !== null || (await session.load())
    if (to.name === 'login') return known ? { name: 'desk' } : true
    if (!known) return { name: 'login', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
    // Whoever only stands at a counter has no desk to go to.
    if (to.name !== 'counter' && session.may('counter.serve') && !session.may('ticket.read')) return { name: 'counter' }
    return (NEEDS[String(to.name)] ?? []).every(session.may) ? true : { name: 'desk' }
  })
  /** Its files are not on this device, and there is no network to fetch them by. */
  router.onError((_, to) => {
    say(i18n.global.t('link.page_away'), { bad: true })
    if (!router.currentRoute.value.name && to.name !== 'desk') void router.replace({ name: 'desk' })
  })
  return router
}
