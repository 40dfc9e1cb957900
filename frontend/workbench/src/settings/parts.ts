/** The pages of the settings: where each stands, who may see it, and its view, loaded when it is opened. */
import type { Component } from 'vue'
import { defineAsyncComponent } from 'vue'
import { learn } from '@/i18n'
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

export const VIEWS: Record<Part, Component> = {
  inboxes: defineAsyncComponent(() => import('./inboxes/InboxesPart.vue')),
  suppressions: defineAsyncComponent(() => import('./SuppressionsPart.vue')),
  brands: defineAsyncComponent(() => import('./BrandsPart.vue')),
  look: defineAsyncComponent(() => import('./look/LookPart.vue')),
  agents: defineAsyncComponent(() => import('./AgentsPart.vue')),
  teams: defineAsyncComponent(() => import('./TeamsPart.vue')),
  skills: defineAsyncComponent(() => import('./SkillsPart.vue')),
  roles: defineAsyncComponent(() => import('./RolesPart.vue')),
  tokens: defineAsyncComponent(() => import('./TokensPart.vue')),
  reception: defineAsyncComponent(() => import('./reception/ReceptionPart.vue')),
  config: defineAsyncComponent(() => import('./config/ConfigPart.vue')),
  tags: defineAsyncComponent(() => import('./TagsPart.vue')),
  outlets: defineAsyncComponent(() => import('./outlets/OutletsPart.vue')),
  connectors: defineAsyncComponent(async () => {
    await learn('connectors')
    return import('./connectors/ConnectorsPart.vue')
  }),
  simulation: defineAsyncComponent(async () => {
    await learn('simulation')
    return import('../simulation/SimulationPart.vue')
  }),
  releases: defineAsyncComponent(() => import('./config/ReleasesPart.vue')),
  standards: defineAsyncComponent(() => import('./standards/StandardsPart.vue')),
  imports: defineAsyncComponent(() => import('./imports/ImportsPart.vue')),
  audit: defineAsyncComponent(() => import('./audit/AuditPart.vue')),
  operations: defineAsyncComponent(() => import('./operations/OperationsPart.vue')),
  demo: defineAsyncComponent(() => import('./DemoPart.vue')),
}
