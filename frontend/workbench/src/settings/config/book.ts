/** All of the configuration as its pages need it: kinds, what is in force, what waits for its release. */
import { computed, onMounted, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import * as admin from '@/client/admin'
import { sentenceOf } from '@/composables/problems'

export interface Listed {
  kind: string
  name: string
  title: string
  state: 'in_force' | 'changed' | 'added' | 'removed'
  version: number
  by: string
  at: string | null
}

export function useBook() {
  const { locale } = useI18n()
  const kinds = shallowRef<admin.ConfigKind[]>([])
  const inForce = shallowRef<admin.ConfigDocument[]>([])
  const drafts = shallowRef<admin.DocumentChange[]>([])
  const release = ref(0)
  const loaded = ref(false)
  const problem = ref('')

  async function reload(): Promise<void> {
    try {
      const [known, now, waiting] = await Promise.all([admin.configKinds(), admin.configInForce(), admin.configDrafts()])
      kinds.value = known
      inForce.value = now.items
      release.value = now.release
      drafts.value = waiting
      problem.value = ''
    } catch (said) {
      problem.value = sentenceOf(said)
    }
    loaded.value = true
  }

  const titleOf = (kind: string) => {
    const title = kinds.value.find((each) => each.name === kind)?.title
    return (locale.value === 'en' ? title?.en : title?.zh) ?? kind
  }

  /** What a document calls itself; without a title it is called by its key. */
  const nameOf = (kind: string, name: string) => listed(kind).find((each) => each.name === name)?.title ?? name

  function listed(kind: string): Listed[] {
    const draftOf = (name: string) => drafts.value.find((each) => each.kind === kind && each.name === name)
    const known = inForce.value.filter((each) => each.kind === kind).map((each): Listed => {
      const draft = draftOf(each.name)
      const state = !draft ? 'in_force' : draft.after === null ? 'removed' : 'changed'
      return { kind, name: each.name, title: titled(each), state, version: draft?.after ?? each.version, by: each.created_by, at: each.created_at }
    })
    const fresh = drafts.value.filter((each) => each.kind === kind && each.before === null).map((each): Listed =>
      ({ kind, name: each.name, title: each.name, state: 'added', version: each.after ?? 0, by: '', at: null }),
    )
    return [...known, ...fresh].sort((a, b) => a.name.localeCompare(b.name))
  }

  function titled(of: admin.ConfigDocument): string {
    const english = locale.value === 'en' ? of.body?.['title_en'] : null
    const said = english || (of.body?.['title'] ?? of.body?.['name'])
    if (typeof said === 'string' && said) return said
    const byLanguage = (said as Record<string, unknown> | undefined)?.[locale.value === 'en' ? 'en' : 'zh']
    return typeof byLanguage === 'string' && byLanguage ? byLanguage : of.name
  }

  onMounted(reload)
  return { kinds, inForce, drafts, release, loaded, problem, reload, titleOf, nameOf, listed, waiting: computed(() => drafts.value.length) }
}
