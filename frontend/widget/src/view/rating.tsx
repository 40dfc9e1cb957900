import { client, config, set, surveyDue, ui, type Rating } from '../app'
import { say } from '../look'
import { Chip, Icon } from './parts'

const change = (patch: Partial<Rating>) => {
  set({ rating: { ...ui.rating, ...patch } })
}

/** Two questions and, if wished, why. Folded to a thank-you once given; it can be changed for a day. */
export function RatingCard({ conversation }: { conversation: string }) {
  const { solved, stars, tags, comment } = ui.rating
  if (!surveyDue()) {
    return (
      <div class="card done">
        <Icon name="check" /><span class="grow">{say('rated')}</span>
        <button class="link" onClick={() => { change({ done: '' }) }}>{say('edit')}</button>
      </div>
    )
  }
  return (
    <div class="card rating">
      <b>{say('rateTitle')}</b>
      <div class="options">
        {[true, false].map((each) => (
          <Chip text={say(each ? 'solved' : 'unsolved')} on={solved === each} does={() => { change({ solved: each }) }} />
        ))}
      </div>
      <div class="stars" role="group" aria-label={say('stars')}>
        {[1, 2, 3, 4, 5].map((each) => (
          <button class={each <= stars ? 'lit' : ''} aria-label={say('star', each)} aria-pressed={each === stars}
            onClick={() => { change({ stars: each }) }}>
            <Icon name="star" />
          </button>
        ))}
      </div>
      {(solved === false || (stars > 0 && stars < 4)) && (
        <div class="options" key="tags">
          {(config.rating_tags ?? say('tags').split('|')).map((tag) => (
            <Chip text={tag} on={tags.includes(tag)} does={() => {
              change({ tags: tags.includes(tag) ? tags.filter((each) => each !== tag) : [...tags, tag] })
            }} />
          ))}
        </div>
      )}
      {(solved !== null || stars > 0) && [
        <textarea key="comment" class="field" rows={2} maxlength={500} aria-label={say('comment')} value={comment}
          placeholder={say('comment')} onInput={(event) => { change({ comment: event.currentTarget.value }) }} />,
        <button key="submit" class="primary" onClick={() => {
          client.dispatch({ t: 'rate', conversation_id: conversation, solved, stars: stars || null, tags, comment })
          change({ done: conversation })
        }}>{say('submit')}</button>,
      ]}
    </div>
  )
}
