/* What the page itself measures. A moment is "painted" when a task posted from the frame's own callback runs: after
   style, layout and paint of the frame that first shows it. */
(() => {
  const painted = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => then(performance.now())
      port2.postMessage(0)
    })
  const bench = { typed: [], long: [], events: [], painted, pressed: 0 }
  const at = (name) => document.querySelector(`[data-test=${name}]`)
  const stores = () => document.querySelector('#app').__vue_app__.config.globalProperties.$pinia._s

  const watch = (type, more, heard) => new PerformanceObserver((list) => list.getEntries().forEach(heard)).observe({ type, ...more })
  watch('longtask', {}, (task) => bench.long.push([task.startTime, task.duration]))
  watch('event', { durationThreshold: 16 }, (event) => event.name === 'keydown' && bench.events.push(event.duration))
  addEventListener('pointerdown', (event) => (bench.pressed = event.timeStamp), true)
  addEventListener(
    'keydown',
    (event) => {
      bench.pressed = event.timeStamp
      if (event.target.matches('textarea')) painted((now) => bench.typed.push(now - event.timeStamp))
    },
    true,
  )

  const tickets = () => stores().get('tickets')
  bench.listed = () => tickets().list.length
  bench.more = () => tickets().more()

  /* The row so many after the open one, as the list stands now, scrolled into sight: only those are in the page. */
  bench.beside = async (by) => {
    const open = location.pathname.split('/').at(-1)
    const place = () => tickets().list.findIndex((each) => each.id === open) + by
    while (place() >= tickets().list.length && tickets().next) await tickets().more()
    const row = document.querySelector('li:has(> [data-test=ticket-row])')
    row.closest('.scroller').scrollTop = Math.max(0, (place() - 2) * row.offsetHeight)
    await new Promise((done) => painted(() => painted(done)))
    const { id, number } = tickets().list[place()]
    return [id, number]
  }

  /* The thread is there when its head has the number and its log ends in a message that is in sight. */
  const shows = (number) => {
    if (at('ticket-number')?.textContent !== `#${number}`) return false
    const log = at('log')
    const last = [...(log?.querySelectorAll('[data-id]') ?? [])].at(-1)
    return last && last.offsetTop < log.scrollTop + log.clientHeight + 1
  }

  /* From the press that follows to the painted frame that shows the ticket. */
  bench.expect = (number) => {
    bench.opened = new Promise((resolve, reject) => {
      let seen = false
      setTimeout(() => reject(new Error(`#${number} was never shown`)), 30_000)
      const look = () => {
        if (seen || !shows(number)) return
        seen = true
        watcher.disconnect()
        painted((now) => resolve(now - bench.pressed))
      }
      const watcher = new MutationObserver(look)
      watcher.observe(document.body, { subtree: true, childList: true, characterData: true })
    })
  }
  window.bench = bench
})()
