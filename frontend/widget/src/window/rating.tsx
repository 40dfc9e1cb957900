import type { Config, Conversation } from 'yizhan-sdk'
import { surveyDue, type App, type Rating } from '../app'
import { Icon } from '../icon'
import { CHECK, STAR } from './icons'

interface Props {
  app: App
  config: Config
  conversation: Conversation
}

/** Two questions and, if wished, why. Folded to a thank-you once given; it can be changed for a day. */
export function RatingCard({ app, config, conversation }: Props) {
  const { rating } = app.ui
  const { say } = app
  const change = (patch: Partial<Rating>) => { app.set({ rating: { ...rating, ...patch } }) }
  if (!surveyDue(app)) {
    return (
      <div class="card done">
        <Icon path={CHECK} /><span class="grow">{say('rated')}</span>
        <button class="link" onClick={() => { change({ done: '' }) }}>{say('edit')}</button>
      </div>
    )
  }
  const tags = config.rating_tags ?? say('tags').split('|')
  const toggleTag = (tag: string) => {
    change({ tags: rating.tags.includes(tag) ? rating.tags.filter((each) => each !== tag) : [...rating.tags, tag] })
  }
  return (
    <div class="card rating">
      <b>{say('rateTitle')}</b>
      <div class="options">
        {[true, false].map((solved) => (
          <button class={`chip ${rating.solved === solved ? 'on' : ''}`} aria-pressed={rating.solved === solved}
            key={String(solved)} onClick={() => { change({ solved }) }}>
            {say(solved ? 'solved' : 'unsolved')}
          </button>
        ))}
      </div>
      <div class="stars" role="group" aria-label={say('stars')}>
        {[1, 2, 3, 4, 5].map((stars) => (
          <button key={stars} class={stars <= rating.stars ? 'lit' : ''} aria-label={say('star', stars)}
            aria-pressed={stars === rating.stars} onClick={() => { change({ stars }) }}>
            <Icon path={STAR} />
          </button>
        ))}
      </div>
      {(rating.solved === false || (rating.stars > 0 && rating.stars < 4)) && (
        <div class="options">
          {tags.map((tag) => (
            <button class={`chip ${rating.tags.includes(tag) ? 'on' : ''}`} aria-pressed={rating.tags.includes(tag)}
              key={tag} onClick={() => { toggleTag(tag) }}>
              {tag}
            </button>
          ))}
        </div>
      )}
      {(rating.solved !== null || rating.stars > 0) && (
        <>
          <textarea class="field" rows={2} maxLength={500} aria-label={say('comment')} placeholder={say('comment')}
            value={rating.comment} onInput={(event) => { change({ comment: event.currentTarget.value }) }} />
          <button class="primary" onClick={() => { submit(app, conversation.id) }}>{say('submit')}</button>
        </>
      )}
    </div>
  )
}

function submit({ client, ui, set }: App, conversationId: string): void {
  const { solved, stars, tags, comment } = ui.rating
  client.dispatch({ t: 'rate', conversation_id: conversationId, solved, stars: stars || null, tags, comment })
  set({ rating: { ...ui.rating, done: conversationId } })
}
