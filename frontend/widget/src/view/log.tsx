import type { Line } from 'yizhan-sdk'
import { client, config, inService, locale, ports, set, surveyDue, ui } from '../app'
import { say } from '../look'
import { Bubble, UploadBubble, withLinks } from './bubble'
import { Chip, Face, Icon } from './parts'
import { NpsCard } from './nps'
import { preChatDue } from './prechat'
import { QueueCard } from './queue'
import { RatingCard } from './rating'
import { dayAndTime } from './times'

const NEW_TIME_MS = 10 * 60_000
const SAME_GROUP_MS = 5 * 60_000
const NEAR_PX = 60

/** The conversation as read aloud: new lines are announced, politely. */
export function Log() {
  const { lines, conversation } = client
  return (
    <div
      class="log"
      role="log"
      aria-live="polite"
      aria-label={say('messages')}
      tabindex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        const scrolledUp = scrollHeight - scrollTop - clientHeight > NEAR_PX
        if (scrolledUp !== ui.scrolledUp) set({ scrolledUp })
        // What fails is asked for again by the next movement.
        if (scrolledUp && scrollTop < NEAR_PX) client.older().catch(() => undefined)
      }}
    >
      {lines.map((line, at) => [saidBefore(at), row(line, lines[at - 1], lines[at + 1])])}
      {saidBefore(lines.length)}
      {ui.uploads.map((upload) => <UploadBubble key={upload.key} upload={upload} />)}
      {conversation?.phase === 'queued' && <QueueCard key="queue" />}
      {client.typingBy !== null && <Typing key="typing" />}
      {conversation?.phase === 'ended' && lines[0] && ui.greetAfter !== lines.length && (
        <p class="note" key="ended">{say('ended')}</p>
      )}
      {conversation && (surveyDue() || ui.rating.done === conversation.id) && (
        <RatingCard key="rating" conversation={conversation.id} />
      )}
      {client.nps && <NpsCard key="nps" {...client.nps} />}
    </div>
  )
}

/** The greeting and an accepted invitation stay where they were said. */
const saidBefore = (at: number) => [
  ui.greetAfter === at && <Greeting key="greeting" />,
  ui.invited?.after === at && <Said key="invited" {...ui.invited} />,
]

const together = (a?: Line, b?: Line) =>
  !!a && !!b && a.from === b.from && a.name === b.name && b.at - a.at < SAME_GROUP_MS

function row(line: Line, before?: Line, after?: Line) {
  const { key, name, from, kind, at } = line
  const mine = from === 'customer'
  const recalled = kind === 'recalled'
  const time = !before || at - before.at > NEW_TIME_MS
  const first = time || !together(before, line)
  const last = !together(line, after)
  return [
    time && <p class="note" key={`${key}t`}>{dayAndTime(at, locale, ports.now(), say('today'))}</p>,
    from === 'system' || recalled ? <p class="note" key={key}>{recalled ? say('recalled') : withLinks(line.text)}</p> : (
      <div key={key} class={`row ${mine ? 'mine' : 'theirs'} ${first ? 'first' : ''} ${last ? 'last' : ''}`}>
        {!mine && (last ? <Face name={name} /> : <i class="face gap" />)}
        <div class="col" key="col">
          {first && !mine && <small>{from === 'bot' ? say('assistant') : name || config.name}</small>}
          <Bubble line={line} />
        </div>
      </div>
    ),
    !after && line.payload?.options && <Options key={`${key}o`} options={line.payload.options} />,
  ]
}

function Said({ name, text }: { name: string; text: string }) {
  return (
    <div class="row theirs first last">
      <Face name={name} />
      <div class="col">
        <small>{name || config.name}</small>
        <div class="bubble">{text}</div>
      </div>
    </div>
  )
}

function Options({ options }: { options: string[] }) {
  return <div class="options indent">{options.map((text) => <Chip text={text} does={() => { client.send(text) }} />)}</div>
}

function Greeting() {
  const { text, questions } = config.welcome
  return (
    <div>
      {text && <Said name="" text={text} />}
      {!inService() && !preChatDue() && questions[0] && (
        <div class="card questions">
          <b>{say('questions')}</b>
          {questions.map((question) => (
            <button onClick={() => { client.send(question) }}>
              <span class="grow">{question}</span><Icon name="next" />
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function Typing() {
  return (
    <div class="row theirs first last" role="status" aria-label={say('typing')}>
      <Face name={client.typingBy} />
      <div class="bubble dots"><i /><i /><i /></div>
    </div>
  )
}
