/** The floor's words are law: the Chinese texts never say what the table of terms forbids. */
import { expect, test } from 'vitest'
import admin from '@/locales/zh-CN/admin.json'
import app from '@/locales/zh-CN/app.json'
import audit from '@/locales/zh-CN/audit.json'
import desk from '@/locales/zh-CN/desk.json'
import follow from '@/locales/zh-CN/follow.json'
import hands from '@/locales/zh-CN/hands.json'
import house from '@/locales/zh-CN/house.json'
import macros from '@/locales/zh-CN/macros.json'
import notice from '@/locales/zh-CN/notice.json'
import problems from '@/locales/zh-CN/problems.json'
import replies from '@/locales/zh-CN/replies.json'
import refusals from '@/refusals.zh-CN.json'

type Tree = { [key: string]: string | Tree }
const FORBIDDEN = [
  '用户', '联系人', '收件箱', '账号', '对话', '聊天', '单子', '案件', '待客户$', '已关闭', '公开回复', '移交', '负责人', '座席', '坐席',
  '容量', '负载', '等待池', '抢单', '话术', 'AI', '缺陷', '触发器', '品牌', '认证', '暂停', '(?<!内部|存)备注', 'SLA', 'CSAT',
]

const words = (tree: Tree): string[] => Object.values(tree).flatMap((each) => (typeof each === 'string' ? [each] : words(each)))

test.each(FORBIDDEN)('nothing says %s', (forbidden) => {
  const all = [admin, app, audit, desk, follow, hands, house, macros, notice, problems, replies, refusals].flatMap((tree) => words(tree as unknown as Tree))
  expect(all.filter((text) => new RegExp(forbidden).test(text))).toEqual([])
})
