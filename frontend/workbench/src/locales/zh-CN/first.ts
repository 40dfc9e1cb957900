/** What the desk speaks from: one file to fetch instead of nine. */
import app from './app.json'
import desk from './desk.json'
import house from './house.json'
import problems from './problems.json'
import follow from './follow.json'
import said from './said.json'
import notice from './notice.json'
import words from './words.json'
import confer from './confer.json'

export default [app, desk, house, problems, follow, said, notice, words, confer]
