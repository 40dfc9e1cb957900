/** What people call things when they look for a setting: its page is among the first three that are offered. */
import { beforeAll, expect, test } from 'vitest'
import type { ConfigKind } from '@/client/admin'
import type { Entry } from '@/settings/search/index'
import { entriesOf, found, soundsOf } from '@/settings/search/index'
import spelled from '@/settings/search/sounds.json'
import { booksOf } from '@/settings/search/words'
import kinds from './kinds.json'

/** By the page: words in Chinese, by pinyin in full and by first letters, and in English. */
const ASKED: Record<string, string[]> = {
  'config/calendar': ['工作时间', '营业时间', '上班', '节假日', '调休', 'gongzuoshijian', 'gzsj', 'business hours', 'holidays', 'opening hours'],
  'config/blacklist': ['黑名单', '拉黑', '屏蔽', 'heimingdan', 'hmd', 'blacklist', 'block'],
  'config/sla_policy': ['SLA', '时限', '超时', '时效', 'shixiao', 'deadline', 'overdue'],
  'config/quick_reply': ['快捷回复', '话术', '模板', '常用语', 'kjhf', 'huashu', 'canned', 'templates'],
  'config/routing': ['自动派单', '派单', '智能分配', '同时接待', 'zhinengfenpei', 'assignment'],
  'config/reception': ['机器人', '自动回复', '转人工', 'FAQ', 'jiqiren', 'bot'],
  'config/words': ['敏感词', '违禁词', 'mgc', 'profanity'],
  'config/satisfaction': ['满意度', '差评', '邀评', 'CSAT', 'manyidu', 'ratings'],
  'config/roster': ['值班', '小休', '夜班', 'shifts'],
  'config/clocks': ['自动结束', '自动关闭', 'idle'],
  'config/ticket_types': ['工单类型', '工单分类', 'gdlx', 'categories'],
  'config/ticket_fields': ['自定义字段', 'custom field'],
  'config/verification': ['验证码', 'OTP'],
  'config/resolution': ['去重', '合并客户', 'duplicates'],
  'config/priority_rules': ['加急', '优先级', 'VIP', 'urgent'],
  'config/alert_rule': ['报警', '告警', 'alarm'],
  'config/callbacks': ['回访', 'huifang'],
  'config/monitor': ['大屏', 'wallboard'],
  'config/overflow': ['爆线', '溢出'],
  'config/macro': ['宏', '一键', 'macro'],
  inboxes: ['签名', '公众号', '邮箱', '嵌入', '欢迎语', 'gongzhonghao', 'widget', 'signature'],
  agents: ['密码', '员工', '离职', 'password', 'staff'],
  roles: ['权限', 'quanxian', 'permissions'],
  teams: ['分组', '组长', 'department'],
  look: ['LOGO', '换肤', '主题', 'colour'],
  releases: ['回滚', '版本', 'rollback'],
  audit: ['日志', '谁改的', 'rizhi', 'logs'],
  tokens: ['API', '密钥', 'token'],
  outlets: ['钉钉', '飞书', '免打扰', 'webhook'],
  imports: ['导入', 'Excel', 'csv'],
  connectors: ['ERP', 'CRM', '对接'],
  suppressions: ['退信', '退订', 'bounced'],
  operations: ['故障', 'health'],
  tags: ['标签', 'labels'],
}

let entries: Entry[] = []
const sounds = soundsOf(spelled)
const pageOf = (entry: Entry) => (entry.kind ? `config/${entry.kind}` : entry.part)

beforeAll(async () => {
  const { zh, en } = await booksOf()
  entries = entriesOf(kinds as unknown as ConfigKind[], zh, en)
})

test.each(Object.entries(ASKED))('%s is found', (page, queries) => {
  const missed = queries.filter((query) => !found(entries, query, sounds).slice(0, 3).map(pageOf).includes(page))
  expect(missed.map((query) => `${query}: ${found(entries, query, sounds).slice(0, 3).map((entry) => `${pageOf(entry)} ${entry.title.zh}`).join(', ')}`)).toEqual([])
})

test('enough is asked, of nearly every page', () => {
  expect(Object.values(ASKED).flat().length).toBeGreaterThan(100)
})
