import type { Config, Line } from 'yizhan-sdk'
import { inService, surveyDue, type App } from '../app'
import { dayAndTime } from './times'
import { Bubble, UploadBubble } from './bubble'
import { Face } from '../launcher/face'
import { Icon } from '../icon'
import { NEXT } from './icons'
import { preChatDue } from './prechat'
import { QueueCard } from './queue'
import { RatingCard } from './rating'

const NEW_TIME_MS = 10 * 60_000
const SAME_GROUP_MS = 5 * 60_000
const NEAR_PX = 60

/** The conversation as read aloud: new lines are announced, politely. */
export function Log({ app, config }: { app: App; config: Config }) {
  const { ui, client, say } = app
  const { lines, conversation } = client
  const rows = lines.flatMap((line, at) => [
    ...(ui.greetAfter === at ? [<Greeting app={app} config={config} />] : []),
    ...(ui.invited?.after === at ? [<Said config={config} name={ui.invited.name} text={ui.invited.text} />] : []),
    <Row key={line.key} app={app} config={config} line={line} before={lines[at - 1]} after={lines[at + 1]} />,
  ])
  return (
    <div
      class="log"
      role="log"
      aria-live="polite"
      aria-label={say('messages')}
      tabIndex={0}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
        const scrolledUp = scrollHeight - scrollTop - clientHeight > NEAR_PX
        if (scrolledUp !== ui.scrolledUp) app.set({ scrolledUp })
      }}
    >
      {rows}
      {ui.greetAfter !== null && ui.greetAfter >= lines.length && <Greeting app={app} config={config} />}
      {ui.invited && ui.invited.after >= lines.length && (
        <Said config={config} name={ui.invited.name} text={ui.invited.text} />
      )}
      {ui.uploads.map((upload) => <UploadBubble key={upload.key} app={app} upload={upload} />)}
      {conversation?.phase === 'queued' && <QueueCard app={app} config={config} />}
      {client.typingBy !== null && <Typing app={app} config={config} />}
      {conversation?.phase === 'ended' && lines.length > 0 && ui.greetAfter !== lines.length && (
        <p class="note">{say('ended')}</p>
      )}
      {conversation && (surveyDue(app) || ui.rating.done === conversation.id) && (
        <RatingCard app={app} config={config} conversation={conversation} />
      )}
    </div>
  )
}

interface RowProps {
  app: App
  config: Config
  line: Line
  before?: Line
  after?: Line
}

const together = (a?: Line, b?: Line) =>
  !!a && !!b && a.from === b.from && a.name === b.name && b.at - a.at < SAME_GROUP_MS

function Row({ app, config, line, before, after }: RowProps) {
  const { say, locale } = app
  const time = !before || line.at - before.at > NEW_TIME_MS
  const recalled = line.kind === 'recalled'
  const plain = line.from === 'system' || recalled
  const first = time || !together(before, line)
  const last = !together(line, after)
  return (
    <>
      {time && <p class="note">{dayAndTime(line.at, locale, app.ports.now(), say('today'))}</p>}
      {plain ? <p class="note">{recalled ? say('recalled') : line.text}</p> : (
        <div class={`row ${line.from === 'customer' ? 'mine' : 'theirs'} ${first ? 'first' : ''} ${last ? 'last' : ''}`}>
          {line.from !== 'customer' && (last ? <Face config={config} name={line.name} /> : <i class="face gap" />)}
          <div class="col">
            {first && line.from !== 'customer' && <small>{line.name || config.name}</small>}
            <Bubble app={app} line={line} />
          </div>
        </div>
      )}
      {!after && line.payload?.options && <Options app={app} options={line.payload.options} />}
    </>
  )
}

function Said({ config, name, text }: { config: Config; name: string; text: string }) {
  return (
    <div class="row theirs first last">
      <Face config={config} name={name} />
      <div class="col">
        <small>{name || config.name}</small>
        <div class="bubble">{text}</div>
      </div>
    </div>
  )
}

function Options({ app, options }: { app: App; options: string[] }) {
  return (
    <div class="options indent">
      {options.map((text) => <button class="chip" key={text} onClick={() => { app.client.send(text) }}>{text}</button>)}
    </div>
  )
}

function Greeting({ app, config }: { app: App; config: Config }) {
  const { text, questions } = config.welcome
  return (
    <>
      {text && <Said config={config} name="" text={text} />}
      {!inService(app) && !preChatDue(app, config) && questions.length > 0 && (
        <div class="card questions">
          <b>{app.say('questions')}</b>
          {questions.map((question) => (
            <button key={question} onClick={() => { app.client.send(question) }}>
              <span class="grow">{question}</span><Icon path={NEXT} />
            </button>
          ))}
        </div>
      )}
    </>
  )
}

function Typing({ app, config }: { app: App; config: Config }) {
  return (
    <div class="row theirs first last" role="status" aria-label={app.say('typing')}>
      <Face config={config} name={app.client.typingBy ?? ''} />
      <div class="bubble dots"><i /><i /><i /></div>
    </div>
  )
}
