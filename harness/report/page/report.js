// Behaviour of the report page: filter, links into the list, transcripts on demand. Everything that a device chose is put
// in with textContent, never as markup.

const page = document.documentElement
const form = document.querySelector('#filter')
const shown = document.querySelector('#shown')
const cases = [...document.querySelectorAll('.suite li[data-verdict]')]
const suites = [...document.querySelectorAll('.suite')]
const chips = [...document.querySelectorAll('.chip')]

page.classList.add('js')

// Filter. Its state stands in the address, so that a view can be sent to somebody.

let words
/** What a search looks at: the row and the block, but not the command line and file names, where every case says the same. */
function textOf(item) {
  words ??= new Map(
    cases.map((one) => {
      const block = one.querySelector('noscript')?.textContent ?? one.querySelector('.block').outerHTML
      return [one, `${one.querySelector('.case > summary').textContent} ${plain(block)}`.toLowerCase()]
    }),
  )
  return words.get(item)
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function plain(block) {
  return block
    .split('</dl>', 1)[0]
    .replace(/<dd class="how">.*?<\/dd>|<dt>.*?<\/dt>|<[^>]*>/gs, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name])
}

const clauseOf = (item) => item.querySelector('.clause').textContent

function filter() {
  const verdicts = chips
    .filter((chip) => chip.getAttribute('aria-pressed') === 'true')
    .map((chip) => chip.dataset.verdict)
  const { suite, level, clause, text } = form.elements
  const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean)
  let count = 0
  for (const section of suites) {
    let visible = 0
    for (const item of section.querySelectorAll('li[data-verdict]')) {
      const match =
        (suite.value === '' || section.dataset.suite === suite.value) &&
        (level.value === '' || item.dataset.level === level.value) &&
        (clause.value === '' || clauseOf(item) === clause.value) &&
        (verdicts.length === 0 || verdicts.includes(item.dataset.verdict)) &&
        wanted.every((word) => textOf(item).includes(word))
      item.hidden = !match
      if (match) visible++
    }
    section.hidden = visible === 0
    count += visible
  }
  const all = cases.length.toLocaleString('en')
  shown.textContent =
    count === cases.length ? `${all} cases` : `${count.toLocaleString('en')} of ${all} cases`
  document.querySelector('#nothing').hidden = count > 0
  return {
    verdict: verdicts.join(','),
    suite: suite.value,
    level: level.value,
    clause: clause.value,
    text: text.value.trim(),
  }
}

function remember(state) {
  const query = new URLSearchParams(Object.entries(state).filter(([, value]) => value !== ''))
  history.replaceState(null, '', query.size > 0 ? `#?${query}` : '#cases')
}

function restore(query) {
  const verdicts = (query.get('verdict') ?? '').split(',')
  for (const chip of chips) chip.setAttribute('aria-pressed', String(verdicts.includes(chip.dataset.verdict)))
  for (const name of ['suite', 'level', 'clause', 'text']) form.elements[name].value = query.get(name) ?? ''
  filter()
}

form?.addEventListener('input', () => remember(filter()))
form?.addEventListener('submit', (event) => event.preventDefault())
form?.addEventListener('reset', (event) => {
  event.preventDefault()
  restore(new URLSearchParams())
  remember(filter())
})
for (const chip of chips) {
  chip.addEventListener('click', () => {
    chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'))
    remember(filter())
  })
}

// Moving about: links and addresses open the case they name, the arrow keys go from case to case.

/** What a details holds is one text until somebody opens it: a browser would take seconds for all these elements. */
function unfold(details) {
  const folded = details.querySelector(':scope > noscript')
  if (!folded) return
  const template = document.createElement('template')
  template.innerHTML = folded.textContent
  equip(template.content)
  folded.replaceWith(template.content)
}

// At the click already, so that nothing jumps; whatever else opens a details tells it afterwards.
document.addEventListener('click', ({ target }) => {
  const summary = target.closest('summary')
  if (summary) unfold(summary.parentElement)
})
document.addEventListener('toggle', ({ target }) => target.open && unfold(target), true)

function open(details) {
  unfold(details)
  details.closest('.suite').open = true
  details.open = true
  const summary = details.querySelector('summary')
  summary.focus({ preventScroll: true })
  // The toolbar sticks to the top edge and would cover the case.
  const bar = form?.parentElement
  const covered = bar && getComputedStyle(bar).position === 'sticky' ? bar.offsetHeight : 0
  window.scrollTo({ top: details.getBoundingClientRect().top + window.scrollY - covered - 12 })
}

function fragment() {
  try {
    return decodeURIComponent(location.hash.slice(1))
  } catch {
    // Somebody cut the address short.
    return ''
  }
}

function follow() {
  const target = fragment()
  if (target.startsWith('?')) {
    if (!form) return
    restore(new URLSearchParams(location.hash.slice(2)))
    form.scrollIntoView()
    return
  }
  const details = document.getElementById(target)
  if (!details?.classList.contains('case')) return
  if (details.closest('li').hidden) restore(new URLSearchParams())
  open(details)
}

window.addEventListener('hashchange', follow)
document.addEventListener('click', (event) => {
  // The address does not change when the same link is followed again.
  const link = event.target.closest('a[href^="#"]')
  if (link && link.hash === location.hash) follow()
})

const visibleCases = () => cases.filter((item) => !item.hidden).map((item) => item.querySelector('.case'))

for (const section of suites) {
  section.addEventListener('keydown', (event) => {
    const here = event.target.closest?.('.case')
    if (!here || event.target.parentElement !== here) return
    const all = visibleCases()
    const at = all.indexOf(here)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (next === undefined || !all[next]) return
    event.preventDefault()
    all[next].closest('.suite').open = true
    all[next].querySelector('summary').focus()
  })
}

for (const button of document.querySelectorAll('[data-step]')) {
  button.addEventListener('click', () => {
    const red = visibleCases().filter((one) => one.closest('li').dataset.outcome === 'failed')
    if (red.length === 0) return
    const step = Number(button.dataset.step)
    const last = red.indexOf(document.querySelector('.case.visited'))
    const next = last < 0 ? (step > 0 ? 0 : red.length - 1) : (last + step + red.length) % red.length
    for (const one of red) one.classList.toggle('visited', one === red[next])
    open(red[next])
    // The button keeps the focus: the next press goes on from here.
    button.focus({ preventScroll: true })
  })
}

// Transcripts are data until somebody opens one.

const HEADING = /^#\d+ +[\d.]+ ms {2}/

function lineElement(number, text, fault) {
  const line = document.createElement('div')
  line.dataset.line = number
  line.textContent = text === '' ? ' ' : text
  line.classList.add('line')
  if (HEADING.test(text)) line.classList.add('head')
  if (number === fault) {
    line.classList.add('fault')
    line.setAttribute('aria-current', 'true')
  }
  return line
}

/** The rest of the message at fault, up to the blank line or heading behind it. */
function markMessage(fault) {
  for (
    let line = fault?.nextElementSibling;
    line?.matches('.line:not(.head)');
    line = line.nextElementSibling
  ) {
    if (line.textContent.trim() === '') return
    line.classList.add('message')
  }
}

function gapElement(count) {
  const gap = document.createElement('div')
  gap.className = 'gap'
  gap.textContent = `${count.toLocaleString('en')} lines left out here; the file has them`
  return gap
}

function fill(details, { lines, parts }) {
  const wire = details.querySelector('.wire')
  const fault = Number(details.dataset.line)
  let next = 1
  for (const [from, texts] of parts) {
    if (from > next) wire.append(gapElement(from - next))
    for (const [at, text] of texts.entries()) wire.append(lineElement(from + at, text, fault))
    next = from + texts.length
  }
  if (next <= lines) wire.append(gapElement(lines - next + 1))
  reach(wire)
  markMessage(wire.querySelector('.fault'))
  const mark = wire.querySelector('.fault')
  if (mark) wire.scrollTop = mark.offsetTop - wire.offsetTop - wire.clientHeight / 3
}

/** Transcripts that are being loaded: what waits for each, by the file that it names itself. */
const awaited = new Map()

// The files beside the page call this with what they hold. A page from a disk can load other files in no other way.
window.cwmpTranscript = (file, data) => {
  for (const details of awaited.get(file) ?? []) {
    details.querySelector('.wire').replaceChildren()
    fill(details, data)
  }
  awaited.delete(file)
}

function load(details) {
  const { file, src } = details.dataset
  const wire = details.querySelector('.wire')
  const say = (words) => {
    const line = document.createElement('p')
    line.className = 'gap'
    line.setAttribute('role', 'status')
    line.textContent = words
    wire.replaceChildren(line)
  }
  say('Loading …')
  if (awaited.has(file)) {
    awaited.get(file).push(details)
    return
  }
  awaited.set(file, [details])
  const script = document.createElement('script')
  script.src = src
  script.onload = () => script.remove()
  script.onerror = () => {
    script.remove()
    awaited.delete(file)
    say(`${src} is not beside this page. It is written with it: keep the folder together.`)
  }
  document.head.append(script)
}

function showTranscript(details) {
  if (details.querySelector('.wire').querySelector('.line, [role=status]')) return
  const block = details.dataset.transcript && document.getElementById(details.dataset.transcript)
  if (block) fill(details, JSON.parse(block.textContent))
  else load(details)
}

document.addEventListener(
  'toggle',
  ({ target }) => target.open && target.matches('.transcript') && showTranscript(target),
  true,
)

// What scrolls by itself must be within reach of the keyboard, and only that.

function reach(area) {
  const over = area.scrollHeight > area.clientHeight || area.scrollWidth > area.clientWidth
  if (over) area.tabIndex = 0
  else area.removeAttribute('tabindex')
}

const scrolls = new ResizeObserver((entries) => {
  for (const { target } of entries) reach(target)
})
/** Gives elements that are new in the page what they need. */
function equip(root) {
  for (const area of root.querySelectorAll('.wire, .actual, .scroll, .long')) scrolls.observe(area)
}

equip(document)

// Copying, with a selection where the clipboard is out of reach.

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('.copy')
  if (!button) return
  try {
    await navigator.clipboard.writeText(button.dataset.copy)
    button.textContent = 'Copied'
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling)
    button.textContent = 'Selected'
  }
  setTimeout(() => {
    button.textContent = 'Copy'
  }, 2000)
})

// On paper the failures stand open.

let opened = []
window.addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('li[data-outcome="failed"] .case:not([open]), .finding:not([open])')]
  for (const details of opened) {
    unfold(details)
    details.open = true
  }
})
window.addEventListener('afterprint', () => {
  for (const details of opened) details.open = false
})

follow()
