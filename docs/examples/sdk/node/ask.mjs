// A visitor without a screen: asks, sends a file, waits for an answer. Node 22 or later.
//
//   curl -o yizhan-sdk.js https://desk.example.com/sdk.js
//   node ask.mjs https://desk.example.com KEY "在吗？" [file]
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { nodePorts, openClient } from './yizhan-sdk.js'

const [base, inbox, text, path] = process.argv.slice(2)

/** Who we are, and what was not sent yet, outlives this process. */
const KEPT = 'visitor.json'
const kept = new Map(Object.entries(existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : {}))
const save = () => writeFileSync(KEPT, JSON.stringify(Object.fromEntries(kept)))
const store = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => { kept.set(key, value); save() },
  removeItem: (key) => { kept.delete(key); save() },
}

const page = () => ({ url: 'https://robot.example.com/', title: 'ask.mjs', referrer: '' })
const client = openClient({ base, inbox, ports: nodePorts(store), page, locale: () => 'zh-CN' })

client.on((happening) => {
  if (happening.kind === 'link') console.log(`[${happening.state}]`)
  if (happening.kind === 'error') console.log(`! ${happening.code} ${happening.detail}`)
  if (happening.kind !== 'message') return
  const { from, name, text } = happening.message
  console.log(`${name || from}: ${text}`)
  if (from === 'agent') {
    client.attend(true) // read: the desk sees it
    setTimeout(() => { client.stop(); process.exit(0) }, 300)
  }
})

client.start()
const files = path ? [await client.upload(new Blob([readFileSync(path)]), basename(path))] : []
const id = client.send(text, files)
const off = client.on(() => {
  if (client.lines.find((line) => line.key === id)?.state !== 'sent') return
  off()
  console.log(`me: ${text} (sent)`)
  client.trail([{ kind: 'asked', url: page().url, title: page().title, at: new Date().toISOString() }])
})
if (process.env.FORGET) process.on('exit', () => rmSync(KEPT, { force: true }))
