/** Every part of the settings and every value of a document is found: by name, by another word, in English, by pinyin. */
import { describe, expect, test } from 'vitest'
import type { ConfigKind } from '@/client/admin'
import { GROUPS, NEEDS, VIEWS } from '@/settings/parts'
import { entriesOf, found, pathsOf, soundsOf } from '@/settings/search/index'
import { fieldIn } from '@/settings/search/arriving'
import spelled from '@/settings/search/sounds.json'
import { booksOf } from '@/settings/search/words'

const schema = {
  $ref: '#/$defs/Doc',
  $defs: {
    Doc: { type: 'object', properties: { first_reply: { anyOf: [{ $ref: '#/$defs/Span' }, { type: 'null' }] }, steps: { type: 'array', items: { $ref: '#/$defs/Span' } } } },
    Span: { type: 'object', properties: { amber_s: { type: 'integer' } } },
  },
}
const kind = { name: 'clocks', title: { zh: '计时规则', en: 'Clocks' }, schema, default: null, fields: [], by_place: true } as unknown as ConfigKind

describe('the search of settings', () => {
  test('knows every part and every value', async () => {
    const { zh, en } = await booksOf()
    const entries = entriesOf([kind], zh, en)
    const keys = entries.map((entry) => entry.key)
    expect(GROUPS.flatMap((group) => group.parts).sort()).toEqual(Object.keys(VIEWS).sort())
    expect(Object.keys(NEEDS).filter((part) => !keys.includes(part))).toEqual([])
    expect(Object.keys(VIEWS).filter((part) => !zh(`settings_help.${part}`)?.endsWith('。') || !en(`settings_help.${part}`)?.endsWith('.'))).toEqual([])
    expect(pathsOf(schema)).toEqual(['first_reply', 'first_reply.amber_s', 'steps', 'steps.amber_s'])
    for (const path of pathsOf(schema)) expect(keys).toContain(`config/clocks/${path}`)
    expect(entries.filter((entry) => !entry.field && (entry.title.zh === entry.part || entry.title.en === entry.part || !entry.more))).toEqual([])
    expect(entries.filter((entry) => entry.channel && entry.title.zh === entry.title.en && /^[a-z]+_[a-z_]+$/.test(entry.title.zh))).toEqual([])

    const first = (query: string) => found(entries, query, soundsOf(spelled))[0]?.key
    expect([first('停发'), first('tingfa'), first('tfdz'), first('钉钉'), first('permission')]).toEqual(['suppressions', 'suppressions', 'suppressions', 'outlets', 'roles'])
    expect(found(entries, 'clocks amber', soundsOf(spelled)).map((entry) => entry.key)).toContain('config/clocks/steps.amber_s')
    expect(found(entries, '没有这个设置', soundsOf(spelled))).toEqual([])
  })

  test('opens at the value, or at what would hold it', () => {
    document.body.innerHTML = '<form><div data-place="first_reply"><div data-place="first_reply.amber_s" id="a"></div></div><div data-place="steps" id="s"></div><div data-place="targets"><div data-place="targets.high.amber_s" id="m"></div></div></form>'
    const page = document.body as HTMLElement
    expect([fieldIn(page, 'first_reply.amber_s')?.id, fieldIn(page, 'steps.amber_s')?.id, fieldIn(page, 'targets.amber_s')?.id, fieldIn(page, 'gone')]).toEqual(['a', 's', 'm', null])
  })
})
