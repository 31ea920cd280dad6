/* Gazette in the reader's browser: steps through a redline, shows it side by side, compares any two versions from
   static files, narrows long lists. Every page reads well without it. What an address says is only ever compared
   with what the site itself lists, or shown as text. */
(() => {
  "use strict"

  const one = (selector, root = document) => root.querySelector(selector)
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const made = (tag, facts = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), facts)
    element.append(...children)
    return element
  }

  /* A browser may refuse storage; then nothing is remembered. */
  const recall = name => {
    try { return localStorage.getItem(`gazette-${name}`) } catch { return null }
  }
  const remember = (name, value) => {
    try { localStorage.setItem(`gazette-${name}`, value) } catch { /* refused */ }
  }

  /* Steps through the changes of a redline. Marks with nothing but space between them are one change. */

  const MARKS = "ins, del, .relinked, .reformatted, .reindented, .renumbered"

  const stops = root => {
    const found = []
    let before = null
    for (const mark of all(MARKS, root)) {
      if (mark.parentElement.closest(MARKS)) continue
      if (!before || before.nextSibling !== mark) found.push(mark)
      before = mark
    }
    return found.filter(mark => mark.closest(".gz-redline--changed"))
  }

  const shown = element => {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true
    return element
  }

  const tools = root => {
    const bar = one("[data-gz-tools]", root)
    if (!bar || bar.dataset.gzReady || !one(".gz-redline--changed", root)) return
    bar.dataset.gzReady = "1"
    bar.hidden = false
    const place = one("[data-gz-place]", bar)
    let at = null
    const step = by => {
      const changes = stops(root).filter(mark => mark.offsetParent)
      if (!changes.length) return
      let n = changes.indexOf(at)
      if (n < 0) {
        n = changes.findIndex(mark => mark.getBoundingClientRect().top > 80)
        n = by > 0 ? (n < 0 ? 0 : n) : (n < 0 ? changes.length : n) - 1
      } else n += by
      n = (n + changes.length) % changes.length
      at?.classList.remove("gz-at")
      at = shown(changes[n])
      at.classList.add("gz-at")
      at.tabIndex = -1
      at.focus({ preventScroll: true })
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
      at.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" })
      place.textContent = place.dataset.of.replace("{n}", n + 1).replace("{all}", changes.length)
    }
    for (const button of all("[data-gz-step]", bar)) button.onclick = () => step(+button.dataset.gzStep)
    const keys = one("[data-gz-keys]", bar)
    keys.checked = recall("keys") !== "off"
    keys.onchange = () => remember("keys", keys.checked ? "on" : "off")
    bar.gzStep = step
    bar.gzKeys = keys
    for (const button of all("[data-gz-view]", bar)) {
      button.onclick = () => {
        remember("view", button.dataset.gzView)
        view(root, bar, button.dataset.gzView)
      }
    }
    view(root, bar, recall("view") === "sides" ? "sides" : "inline")
    links(root)
  }

  addEventListener("keydown", event => {
    const by = { j: 1, k: -1 }[event.key]
    const bar = one("[data-gz-tools][data-gz-ready]")
    if (!by || !bar?.gzKeys.checked || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return
    event.preventDefault()
    bar.gzStep(by)
  })

  /* Side by side: without <ins> a passage is the old text, without <del> the new one. */

  const NARROW = matchMedia("(max-width: 44.9844em)")

  const copy = (passage, dropped) => {
    const side = passage.cloneNode(true)
    side.hidden = false
    for (const mark of [side, ...all("*", side)]) mark.removeAttribute("id")
    for (const mark of all(dropped, side)) mark.remove()
    for (const mark of all("li, p, tr, ul, ol, dd, dt, blockquote", side).reverse()) {
      if (!mark.textContent.trim() && !one("img", mark)) mark.remove()
    }
    return side.textContent.trim() || one("img", side) ? side : ""
  }

  const sidesOf = row => [copy(row, "ins"), copy(row, "del")]

  /* A list is a row for each of its items, so that long lists stay level; each keeps its number on each side. */
  const rows = passage => {
    if (!/^[UO]L$/.test(passage.tagName)) return [sidesOf(passage)]
    let was = (passage.start || 1) - 1
    let now = was
    return [...passage.children].map(item => {
      const list = passage.cloneNode(false)
      list.append(item.cloneNode(true))
      const sides = sidesOf(list)
      const mark = all("span.renumbered", item).find(found => found.closest("li") === item)
      if (sides[1]) now = item.value || now + 1
      if (sides[0]) was = mark ? Number(mark.dataset.was) : sides[1] ? now : was + 1
      if (list.start) sides.forEach((side, n) => side && (side.firstElementChild.value = n ? now : was))
      return sides
    })
  }

  const view = (root, bar, chosen) => {
    const sides = chosen === "sides" && !NARROW.matches
    for (const button of all("[data-gz-view]", bar)) button.ariaPressed = String(button.dataset.gzView === chosen)
    for (const section of all(".gz-redline--changed", root)) {
      const former = one(":scope > .gz-sides", section)
      if (former) former.remove()
      for (const passage of section.children) passage.hidden = sides
      section.classList.toggle("gz-redline--sides", sides)
      if (!sides) continue
      const table = made("div", { className: "gz-sides" })
      for (const passage of section.children) {
        if (passage.matches("details")) {
          const fold = passage.cloneNode(true)
          for (const part of [fold, ...all("[id]", fold)]) part.removeAttribute("id")
          fold.hidden = false
          fold.classList.add("gz-sides__whole")
          table.append(fold)
          continue
        }
        for (const [old, now] of rows(passage)) {
          table.append(
            made("div", { className: "gz-sides__old" }, old),
            made("div", { className: "gz-sides__new" }, now),
          )
        }
      }
      section.append(table)
    }
    links(root)
  }

  NARROW.addEventListener("change", () => {
    for (const bar of all("[data-gz-tools][data-gz-ready]")) {
      view(bar.closest(".gz"), bar, recall("view") === "sides" ? "sides" : "inline")
    }
  })

  /* Moved text leads to its other place. */
  const links = root => {
    for (const mark of all("[data-move]", root)) {
      if (mark.dataset.gzLinked) continue
      mark.dataset.gzLinked = "1"
      mark.onclick = event => {
        if (event.target.closest("a, button")) return
        const other = mark.matches("ins") ? "del" : "ins"
        const twin = all(`${other}[data-move="${CSS.escape(mark.dataset.move)}"]`, root).find(e => shown(e).offsetParent)
        if (!twin) return
        twin.tabIndex = -1
        twin.focus({ preventScroll: true })
        twin.scrollIntoView({ block: "center" })
      }
    }
  }

  /* Any two versions, from files that the build made: an index, and the wordings of the sections that differ. */

  const message = (page, name, facts = {}) => {
    const found = one(`template[data-gz-message="${name}"]`, page).content.cloneNode(true)
    for (const [slot, value] of Object.entries(facts)) {
      for (const place of all(`[data-${slot}]`, found)) {
        if (value?.href) {
          place.href = value.href
          if (value.text) place.textContent = value.text
        } else place.textContent = value
      }
    }
    return found
  }

  const asked = async address => {
    const answer = await fetch(address)
    if (!answer.ok) throw new Error(address)
    return answer.json()
  }

  const path = (...parts) => parts.map(encodeURIComponent).join("/")

  const runAt = (section, version) => {
    let found = null
    for (const run of section.runs) if (run[0] <= version) found = run
    return found && found[1] >= 0 ? { state: found[1], id: found[2], title: found[3] } : null
  }

  const orderAt = (index, version) => {
    let found = []
    for (const [from, sections] of index.orders) if (from <= version) found = sections
    return found
  }

  const parsed = markup => {
    const box = document.createElement("template")
    box.innerHTML = markup
    return box.content
  }

  /* The two states of a section, passage by passage: [markup, whether it changed]. */
  const passages = async (section, old, now) => {
    const folder = `../sections/${path(section.id)}/`
    const { states, passages } = await asked(`${folder}wordings.json`)
    const was = new Map(old ? states[old.state] : []), is = new Map(now ? states[now.state] : [])
    const numbers = [...new Set([...was.keys(), ...is.keys()])].sort((a, b) => a - b)
    const marked = async (number, from, to) => {
      const inline = passages[number].marked
      if (inline) return inline[`${from}-${to}`]
      return (await asked(`${folder}${number}-${to < 0 ? "none" : to}.json`).catch(() => ({})))[from]
    }
    return Promise.all(numbers.map(async number => {
      const from = was.get(number) ?? -1, to = is.get(number) ?? -1
      if (from === to) return [passages[number].wordings[to], false]
      const direct = await marked(number, from, to)
      if (direct !== undefined) return [direct, true]
      const halves = await Promise.all([marked(number, from, -1), marked(number, -1, to)])
      if (halves.includes(undefined)) throw new Error("missing")
      return [halves.join(""), true]
    }))
  }

  /* As the redline counts: of scripts that put no spaces between words, each sign. */
  const SIGNS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
  const WORD = new RegExp(`[${SIGNS}]|(?:(?![${SIGNS}])[\\p{L}\\p{N}_])+`, "gu")

  const words = marks => marks.reduce((sum, mark) => sum + (mark.textContent.match(WORD) || []).length, 0)

  /* What happened to a section, and to how many words, as the page of one redline says it. */
  const facts = (page, { old, now }, box) => {
    const counts = { ins: words(all("ins", box)), del: words(all("del", box)) }
    const kept = old && now
    const is = kind => ({
      added: !old,
      removed: !now,
      renamed: kept && old.title !== now.title,
      reworded: kept && one("ins, del", box),
    }[kind] ?? (kept && one(`.${kind}`, box)))
    const said = message(page, "facts", { was: old?.title, added: counts.ins, removed: counts.del })
    const listed = (name, isSo) => all(`[data-${name}]`, said).filter(e => isSo(e.dataset[name])).map(e => e.textContent)
    const text = [listed("is", is).join(", "), ...listed("count", kind => counts[kind])].filter(Boolean).join("; ")
    return made("span", { className: "gz-meta" }, text)
  }

  const sectionBox = async (page, section, old, now, labels) => {
    const title = (now || old).title
    const box = made("section", { className: "gz-redline gz-redline--changed", id: (now || old).id, ariaLabel: title })
    if (!old || !now) box.append(made("p", {}, message(page, old ? "went" : "came")))
    const link = (label, run) => ({ href: `../versions/${path(label)}/${run ? `#${path(run.id)}` : ""}` })
    try {
      const found = await passages(section, old, now)
      let kept = []
      const fold = () => {
        if (!kept.length) return
        const part = message(page, "fold", { count: kept.length })
        part.firstElementChild.append(...kept.map(parsed))
        box.append(part)
        kept = []
      }
      for (const [markup, isChanged] of found) {
        if (isChanged || /^<h2/.test(markup)) {
          fold()
          box.append(parsed(markup))
        } else kept.push(markup)
      }
      fold()
    } catch {
      box.append(made("h2", {}, title))
      box.append(message(page, "missing", { old: link(labels.from, old), new: link(labels.to, now) }))
    }
    box.append(made("p", { className: "gz-meta" }, message(page, "history", { history: { href: `../sections/${path(section.id)}/` } })))
    for (const anchor of all('a[href^="#"]', box)) {
      const label = anchor.closest("del") ? labels.from : labels.to
      anchor.href = `../versions/${path(label)}/${anchor.getAttribute("href")}`
    }
    return box
  }

  const compared = async (page, index, from, to) => {
    const labels = { from: index.versions[from].label, to: index.versions[to].label }
    const out = document.createDocumentFragment()
    const before = orderAt(index, from), after = orderAt(index, to)
    const gone = before.filter(n => !after.includes(n))
    const order = [...after]
    for (const n of gone) {
      const neighbour = before.slice(0, before.indexOf(n)).reverse().find(m => order.includes(m))
      order.splice(neighbour === undefined ? 0 : order.indexOf(neighbour) + 1, 0, n)
    }
    const parts = order.map(n => {
      const section = index.sections[n]
      const old = before.includes(n) ? runAt(section, from) : null, now = after.includes(n) ? runAt(section, to) : null
      return { section, old, now, isKept: old && now && old.state === now.state }
    })
    const changed = parts.filter(part => !part.isKept)
    const boxes = await Promise.all(changed.map(part => sectionBox(page, part.section, part.old, part.now, labels)))
    const inBoth = list => list.filter(n => before.includes(n) && after.includes(n))
    const isReordered = inBoth(before).join() !== inBoth(after).join()
    if (!changed.length && !isReordered) {
      out.append(message(page, "same"))
      return out
    }
    if (isReordered) {
      const names = after.map(n => runAt(index.sections[n], to).title).join(" · ")
      out.append(message(page, "order", { order: names }))
    }
    const marks = kind => boxes.reduce((sum, box) => sum + words(all(kind, box)), 0)
    out.append(message(page, "counts", { changed: changed.length, added: marks("ins"), removed: marks("del") }))
    const list = made("ul", { className: "gz-changed" })
    changed.forEach((part, n) => {
      const run = part.now || part.old
      list.append(made("li", {}, made("a", { href: `#${path(run.id)}` }, run.title), " ", facts(page, part, boxes[n])))
    })
    out.append(list, message(page, "legend"))
    let kept = []
    const fold = () => {
      if (!kept.length) return
      const details = message(page, "kept", { count: kept.length })
      one("[data-list]", details).append(...kept.map(part =>
        made("li", {}, made("a", { href: `../versions/${path(labels.to)}/#${path(part.now.id)}` }, part.now.title))))
      out.append(details)
      kept = []
    }
    for (const part of parts) {
      if (part.isKept) kept.push(part)
      else {
        fold()
        out.append(boxes[changed.indexOf(part)])
      }
    }
    fold()
    return out
  }

  const written = (page, day) =>
    new Intl.DateTimeFormat(page.lang || undefined, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`))

  const isDay = day => /^\d{4}-\d\d-\d\d$/.test(day) && !isNaN(Date.parse(day)) &&
    new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)

  /* What is asked for: {from, to} by places, and what is said of it; or only what is said. */
  const between = (page, index, asks) => {
    const place = label => index.versions.findIndex(version => version.label === label)
    const given = [asks.get("from"), asks.get("to")]
    if (given.every(label => label === null)) return null
    const current = index.in_force ?? index.versions.at(-1)?.label
    const [first, last] = [given[0] ?? index.versions[0]?.label, given[1] ?? current]
    let [from, to] = [place(first), place(last)]
    const unknown = [first, last].find((label, n) => [from, to][n] < 0)
    if (unknown !== undefined) return { say: [message(page, "unknown", { label: unknown })] }
    const say = []
    if (from > to) {
      [from, to] = [to, from]
      say.push(message(page, "turned"))
    }
    say.unshift(message(page, "between", { from: index.versions[from].label, to: index.versions[to].label }))
    return { from, to, say }
  }

  const since = (page, index, asks) => {
    const day = asks.get("date")
    if (day === null) return null
    if (!isDay(day)) return { say: [message(page, "day", { date: day })] }
    const to = index.versions.findIndex(version => version.label === index.in_force)
    if (to < 0) return { say: [message(page, "none")] }
    const said = index.announced.map(label =>
      message(page, "announced", { announced: { href: `../changes/${path(label)}/`, text: label } }))
    const applied = index.versions.map((version, n) => [version, n]).filter(([version]) => version.applied)
      .sort(([a], [b]) => (a.effective < b.effective ? -1 : 1))
    const then = applied.filter(([version]) => version.effective <= day).at(-1)
    const facts = { date: written(page, day), to: index.in_force }
    if (!then) {
      const [first, from] = applied[0]
      const told = { ...facts, from: first.label, first: written(page, first.effective) }
      return { from, to, say: [message(page, "before", told), ...said] }
    }
    const told = { ...facts, from: then[0].label }
    if (then[1] === to) return { say: [message(page, "current", told), ...said] }
    return { from: then[1], to, say: [message(page, "since", told), ...said] }
  }

  const compare = async () => {
    const page = one("[data-gz-compare]")
    if (!page || page.dataset.gzReady) return
    page.dataset.gzReady = "1"
    const result = one("[data-gz-result]", page), form = one("form", page), asks = new URLSearchParams(location.search)
    if (form) {
      form.hidden = false
      const choose = (name, label) => {
        const field = form.elements[name]
        if (field && [...field.options].some(option => option.value === label)) field.value = label
      }
      choose("from", asks.get("from") ?? [...form.elements.from?.options ?? []].at(-1)?.value)
      choose("to", asks.get("to") ?? form.dataset.gzTo)
      if (form.elements.date && isDay(asks.get("date") ?? "")) form.elements.date.value = asks.get("date")
    }
    if (!["from", "to", "date"].some(name => asks.has(name))) return
    result.replaceChildren(message(page, "loading"))
    try {
      const index = await asked("../compare/index.json")
      const wanted = (page.dataset.gzCompare === "since" ? since : between)(page, index, asks)
      if (!wanted) return result.replaceChildren()
      if (wanted.from !== undefined && form?.elements.from) {
        form.elements.from.value = index.versions[wanted.from].label
        form.elements.to.value = index.versions[wanted.to].label
      }
      const redline = wanted.from === undefined ? "" : await compared(page, index, wanted.from, wanted.to)
      result.replaceChildren(...wanted.say, redline)
      tools(page)
    } catch {
      result.replaceChildren(message(page, "failed"))
    }
  }

  /* Narrows a long list to the entries that say each of some words, and the changelog to some kinds of change. Few are
     shown in their years; a year without any is hidden. */

  const narrow = () => {
    const kinds = one("[data-gz-filter]"), box = one("[data-gz-find]")
    const { gzFind: listed = "[data-gz-kind]", gzBy: by } = box?.dataset ?? {}
    const entries = all(listed), input = box && one("input", box), count = box && one("output", box)
    const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    let texts
    const narrowed = event => {
      const words = plain(input?.value ?? "").split(/\s+/).filter(Boolean)
      const dropped = kinds ? all("input:not(:checked)", kinds).map(kind => kind.value) : []
      texts ??= entries.map(entry => plain((by ? one(by, entry) : entry).textContent))
      entries.forEach((entry, n) => {
        entry.hidden = dropped.includes(entry.dataset.gzKind) || !words.every(word => texts[n].includes(word))
      })
      const left = entries.filter(entry => !entry.hidden).length
      for (const year of all(".gz-year, .gz-year-fold")) year.hidden = !one(`${listed}:not([hidden])`, year)
      if (!box) return
      count.textContent = words.length ? count.dataset.of.replace("{n}", left).replace("{all}", entries.length) : ""
      if (event.target !== input) return
      all(".gz-year-fold").forEach((fold, n) => { fold.open = !n || words.length > 0 && left <= 60 })
    }
    if (kinds) kinds.onchange = narrowed
    if (box) input.oninput = narrowed
    for (const shown of [kinds, box]) if (shown) shown.hidden = false
  }

  /* An address that leads into a fold opens it, where the browser or the theme does not; they may come first. */

  const led = event => {
    const target = one(`.gz details${event ? "" : ":not([open])"} :target`)
    if (target) setTimeout(() => shown(target).scrollIntoView())
  }

  addEventListener("hashchange", led)

  /* Whoever comes from an older version's page is told so. */

  const arrival = () => {
    const note = one("[data-gz-arrival]")
    if (!note || !document.referrer.startsWith(new URL("versions/", location.href.replace(/[?#].*/, "")).href)) return
    const label = decodeURIComponent(document.referrer.replace(/[?#].*/, "").split("/").at(-2))
    if (label === "versions" || label === note.dataset.gzArrival) return
    one("b", note).textContent = label
    one("a", note).href = `compare/?from=${encodeURIComponent(label)}&to=${encodeURIComponent(note.dataset.gzArrival)}`
    note.hidden = false
  }

  /* Where the picture of versions is wider than the screen, its newest end is shown. */

  const picture = () => {
    for (const frame of all(".gz-picture__frame")) frame.scrollTo(frame.scrollWidth, 0)
  }

  const start = () => {
    for (const page of all(".gz:not([data-gz-compare])")) tools(page)
    compare()
    narrow()
    led()
    arrival()
    picture()
  }

  /* Material for MkDocs may change pages without loading them; it says so. */
  if (window.document$) document$.subscribe(start)
  else if (document.readyState === "loading") addEventListener("DOMContentLoaded", start)
  else start()
})()
