/** The pages of the settings: where each stands, who may see it, and its view, loaded when it is opened. */
import type { AsyncComponentLoader, Component } from 'vue'
import { defineAsyncComponent } from 'vue'
import { learn } from '@/i18n'
import LoadingRows from '@/parts/LoadingRows.vue'
import type { useSession } from '@/stores/session'

export type Part =
  | 'reception' | 'inboxes' | 'agents' | 'teams' | 'skills' | 'roles' | 'tokens' | 'brands' | 'look' | 'suppressions' | 'config' | 'releases' | 'audit' | 'operations' | 'demo' | 'outlets' | 'tags' | 'simulation' | 'imports' | 'connectors' | 'standards'

export const GROUPS: { name: string; parts: Part[] }[] = [
  { name: 'channels', parts: ['inboxes', 'suppressions', 'brands'] },
  { name: 'people', parts: ['agents', 'teams', 'skills', 'roles'] },
  { name: 'rules', parts: ['reception', 'config', 'releases', 'simulation', 'tags', 'outlets'] },
  { name: 'system', parts: ['look', 'imports', 'connectors', 'standards', 'operations', 'audit', 'tokens', 'demo'] },
]

export const NEEDS: Record<Part, string> = {
  inboxes: 'inbox.manage', agents: 'agent.manage', teams: 'agent.manage', skills: 'agent.manage', roles: 'agent.manage',
  tokens: 'api.token', config: 'config.manage', reception: 'supervise', outlets: 'config.manage', simulation: 'config.manage', releases: 'config.manage', audit: 'audit.read', operations: 'supervise',
  imports: 'customer.import', standards: 'customer.import', connectors: 'connector.write', tags: 'tag.manage', brands: 'agent.manage', look: 'config.manage', suppressions: 'inbox.manage', demo: '',
}

/** The demonstration has its page where there is one. */
export const mayOpen = (part: Part, session: ReturnType<typeof useSession>): boolean =>
  part === 'demo' ? !!session.me?.demo && (session.may('supervise') || session.may('config.manage')) : session.may(NEEDS[part])

const WAITED_MS = 150
/** A page on a slow line says that it comes. */
const lazy = (loader: AsyncComponentLoader) => defineAsyncComponent({ loader, loadingComponent: LoadingRows, delay: WAITED_MS })

export const VIEWS: Record<Part, Component> = {
  inboxes: lazy(() => import('./inboxes/InboxesPart.vue')),
  suppressions: lazy(() => import('./SuppressionsPart.vue')),
  brands: lazy(() => import('./BrandsPart.vue')),
  look: lazy(() => import('./look/LookPart.vue')),
  agents: lazy(() => import('./AgentsPart.vue')),
  teams: lazy(() => import('./TeamsPart.vue')),
  skills: lazy(() => import('./SkillsPart.vue')),
  roles: lazy(() => import('./RolesPart.vue')),
  tokens: lazy(() => import('./TokensPart.vue')),
  reception: lazy(() => import('./reception/ReceptionPart.vue')),
  config: lazy(() => import('./config/ConfigPart.vue')),
  tags: lazy(() => import('./TagsPart.vue')),
  outlets: lazy(() => import('./outlets/OutletsPart.vue')),
  connectors: lazy(async () => {
    await learn('connectors')
    return import('./connectors/ConnectorsPart.vue')
  }),
  simulation: lazy(async () => {
    await learn('simulation')
    return import('../simulation/SimulationPart.vue')
  }),
  releases: lazy(() => import('./config/ReleasesPart.vue')),
  standards: lazy(() => import('./standards/StandardsPart.vue')),
  imports: lazy(() => import('./imports/ImportsPart.vue')),
  audit: lazy(() => import('./audit/AuditPart.vue')),
  operations: lazy(() => import('./operations/OperationsPart.vue')),
  demo: lazy(() => import('./DemoPart.vue')),
}
