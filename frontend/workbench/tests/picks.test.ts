/** What an alert is narrowed down to is chosen by name, of what it is counted by. */
import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeAll, expect, test } from 'vitest'
import { ref } from 'vue'
import { i18n, learn, speak } from '@/i18n'
import { VOCABULARY } from '@/settings/config/condition/condition'
import SchemaField from '@/settings/config/SchemaField.vue'

const ITEM = { type: 'string', pattern: '^[a-z0-9_-]+$' } as const
const choice = (what: string, key: string, name: string) => ({ what, id: null, key, name, name_en: name })

beforeAll(async () => {
  await speak('zh-CN')
  await learn('admin')
})

function field(scope: string, only: string[]) {
  setActivePinia(createPinia())
  const book = {
    kind: ref('alert_rule'), fields: ref([]), calendars: ref([]), layered: ref(false), document: ref({ scope }),
    choices: ref([choice('team', 'care', '售后一组'), choice('inbox', 'shop', '官网'), choice('team', 'night', '夜班')]),
  }
  const props = { name: 'only', schema: { type: 'array', items: ITEM }, root: {}, path: 'only', wrong: new Map(), modelValue: only }
  return mount(SchemaField, { props: props as never, global: { plugins: [i18n], provide: { [VOCABULARY as symbol]: book } } })
}
const words = (shown: ReturnType<typeof field>) => shown.findAll('button').map((each) => `${each.text()}${each.attributes('aria-pressed') === 'true' ? '✓' : ''}`)

test.each([
  ['team', ['night'], ['售后一组', '夜班✓']],
  ['inbox', [], ['官网']],
  ['all', [], []],
])('%s', (scope, only, said) => expect(words(field(scope, only))).toEqual(said))

test('channels by their names, and a choice is kept by its key', async () => {
  const shown = field('channel', ['webchat'])
  expect(words(shown)).toContain(`${i18n.global.t('channel.webchat')}✓`)
  expect(shown.text()).not.toMatch(/webchat|email/)
  await shown.findAll('button').find((each) => each.text() === i18n.global.t('channel.email'))!.trigger('click')
  expect(shown.emitted('update:modelValue')![0]).toEqual([['webchat', 'email']])
})
