"use strict";
const $ = (id) => document.getElementById(id);
const kept = (name, otherwise) => { try { return localStorage.getItem(name) || otherwise; } catch { return otherwise; } };
const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ } };

let lang = kept("lang", navigator.language.startsWith("zh") ? "zh" : "en");
let cast = { doors: [], cast: [] };
let answers = "";
let door = null, human = kept("human", ""), at_the_end = true, journal = [], drawn = "", seen = {};

const w = () => WORDS[lang];
const said = (words) => (words ? words[lang] : "");
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
};
const button = (text, act) => make("button", { type: "button", textContent: text, onclick: act });
const shown_time = (at) => new Date(at).toLocaleTimeString(lang === "zh" ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit" });
const shown_day = (at) => new Date(at).toLocaleString(lang === "zh" ? "zh-CN" : "en-GB", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

async function ask(path, body) {
  const answer = await fetch(path, body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return answer.json();
}
const wish = (more) => ({ vendor: door.vendor, channel: door.channel, human, ...more });

async function post(path, more) {
  $("menu").hidden = true; $("more").setAttribute("aria-expanded", "false");
  const going = ask(path, wish(more));
  setTimeout(look, 60);
  await going;
  await look();
}

function words_everywhere() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  $("title").textContent = w().title; $("desk").textContent = w().open; $("who-label").textContent = w().who; $("who").setAttribute("aria-label", w().who); $("lang").textContent = w().lang;
  $("send").textContent = w().send; $("text").placeholder = w().text; $("text").setAttribute("aria-label", w().text); $("subject").placeholder = w().subject; $("subject").setAttribute("aria-label", w().subject);
  $("more").setAttribute("aria-label", w().more); $("chat").setAttribute("aria-label", w().title);
  $("quota-title").textContent = w().quota; $("fault-title").textContent = w().faults; $("fault-help").textContent = w().fault_help;
  $("journal-title").textContent = w().journal; $("doors").setAttribute("aria-label", w().title);
  drawn = "";
}

function draw_doors(lengths = {}) {
  $("doors").replaceChildren(...cast.doors.map((each) => {
    const place = `${each.vendor}/${each.channel}`;
    const fresh = each === door ? 0 : Math.max(0, (lengths[place] || 0) - (seen[place] || 0));
    const one = button("", () => choose(each));
    one.append(make("span", {}, said(each.title), make("small", { textContent: said(each.of) })));
    if (fresh) one.append(make("span", { className: "new", textContent: fresh }));
    one.setAttribute("aria-current", String(each === door));
    return one;
  }));
}

function choose(next) {
  door = next; journal = []; drawn = ""; answers = "";
  $("phone").classList.toggle("letters", door.letters); $("subject").hidden = !door.letters; $("subject").value = ""; $("text").rows = door.letters ? 4 : 1; $("address").hidden = !door.letters;
  keep("door", `${door.vendor}/${door.channel}`);
  $("peer").textContent = said(door.title);
  $("missing").hidden = !door.missing; $("missing").textContent = door.missing ? w().missing(door.missing) : "";
  $("hint").hidden = !door.hint; $("hint").textContent = said(door.hint);
  $("acts").replaceChildren(...door.acts.map((each) => button(said(each.title), () => post("/api/act", { act: each.key }))));
  const menu = door.says.filter((kind) => kind !== "text").map((kind) => button(w().says[kind] || kind, () => send_kind(kind)));
  if (door.says.some((kind) => ["image", "voice", "video", "file"].includes(kind))) menu.push(button(w().says.choose, () => $("file").click()));
  $("menu").replaceChildren(...menu); $("more").disabled = !menu.length; $("menu").hidden = true;
  $("clock-buttons").replaceChildren(make("span", { className: "help", textContent: w().ahead }), ...w().later.map(([text, seconds]) => button(text, () => control({ advance: seconds }))));
  const fault = w().fault;
  $("faults").replaceChildren(
    button(fault.status, () => control({ next: [{ status: 500 }] })), button(fault.html, () => control({ next: [{ html: true }] })),
    button(fault.lose, () => control({ next: [{ lose: true }] })), button(fault.delay, () => control({ next: [{ delay: 20 }] })),
    ...door.faults.map((each) => button(w().code(each.code, said(each.words)), () => control({ next: [{ code: each.code }] }))),
    button(fault.tokens, () => control({ expire_tokens: true })), button(fault.thrice, () => control({ mischief: ["thrice"] })),
    button(fault.tamper, () => control({ mischief: ["tamper"] })), button(fault.clear, () => control({ clear: true })));
  draw_doors(); look();
}

const control = async (more) => { await ask(`/api/control/${door.vendor}`, more); await look(); };

function send_kind(kind) {
  const payload = { location: w().place, link: w().link, order: w().order, sticker: w().sticker, card: w().card }[kind];
  post("/api/say", { kind, payload: payload || {}, text: "" });
}

function answer_to(each) {
  answers = each.id;
  const of = each.payload.title || "";
  $("subject").value = /^re:/i.test(of) ? of : `Re: ${of}`;
  $("text").focus();
}

function draw_bubble(each) {
  const mine = each.by === "customer";
  if (each.state === "recalled") return make("li", { className: "line", textContent: mine ? w().recalled : w().house_states.recalled });
  const bubble = make("span", { className: "bubble" });
  const url = `/api/file/${door.vendor}/${door.channel}/${encodeURIComponent(each.id)}`;
  if (each.file && each.file.type.startsWith("image/")) bubble.append(make("img", { src: url, alt: each.file.name, onload: () => { if (at_the_end) $("chat").scrollTop = $("chat").scrollHeight; } }));
  else if (each.file && each.file.type === "audio/wav") bubble.append(make("audio", { src: url, controls: true }));
  else if (each.file) bubble.append(make("a", { href: url, download: each.file.name, textContent: `${w().kinds[each.kind] || each.kind} · ${each.file.name}` }));
  else if (each.kind !== "text") bubble.append(make("b", { textContent: w().kinds[each.kind] || each.kind }));
  const payload = each.payload || {};
  if (door.letters) {
    bubble.prepend(make("span", { className: "head", textContent: mine ? w().letter_out : w().letter_in }), make("strong", { textContent: payload.title || "" }), make("div", { textContent: each.text }));
  } else for (const line of [each.text, payload.title, payload.name, payload.number, payload.address, payload.state, ...(payload.options || [])]) if (line) bubble.append(make("div", { textContent: line }));
  const states = mine ? w().states : w().house_states;
  const under = make("small", { className: each.state === "refused" ? "under bad" : "under" }, `${shown_time(each.at)} ${states[each.state] || ""}`);
  if (mine && each.note) under.append(` · ${each.state === "refused" ? each.note : each.note.slice(0, 40)}`);
  if (mine && door.recalls && each.state === "accepted") under.append(button(w().recall, () => post("/api/recall", { of: each.id })));
  if (!mine && door.letters) under.append(button(w().answer, () => answer_to(each)));
  return make("li", { className: mine ? "mine" : "" }, bubble, under);
}

function draw_journal(fresh) {
  if (fresh.length) journal = [...journal, ...fresh].slice(-120);
  $("journal").replaceChildren(...(journal.length ? [...journal].reverse().map((each) => {
    const bad = each.status === 0 || each.status >= 400;
    const line = make("summary", {}, make("span", { className: "way", textContent: `${shown_time(each.at)} ${w()[each.way]} ` }), `${each.method} ${each.path} `,
      make("span", { className: bad ? "bad" : "", textContent: `${each.status || w().none} ${Math.round(each.seconds * 1000)} ms` }));
    const more = make("details", {}, line, make("pre", { textContent: `${w().asked}:\n${each.asked}` }), make("pre", { textContent: `${w().answered}:\n${each.answered || each.note}` }));
    return make("li", {}, more);
  }) : [make("li", { className: "help", textContent: w().quiet })]));
}

async function look() {
  if (!door || !human) return;
  const at = door, after = journal.length ? journal[journal.length - 1].number : 0;
  const open = document.visibilityState === "visible" ? 1 : 0;
  const now = await ask(`/api/chat?vendor=${at.vendor}&channel=${at.channel}&human=${encodeURIComponent(human)}&after=${after}&seen=${open}`);
  if (at !== door || now.error) return;
  seen[`${at.vendor}/${at.channel}`] = now.bubbles.length;
  $("clock").textContent = shown_time(now.now); $("mark").textContent = at.vendor;
  $("waiting").textContent = w().waiting(now.waiting.faults + now.waiting.mischief);
  $("quota").textContent = !now.counted ? w().uncounted : now.left ? w().left(now.left.messages, shown_day(now.left.until)) : w().shut;
  if (now.journal.length || !drawn) draw_journal(now.journal);
  $("address").textContent = w().address(now.address);
  const state = JSON.stringify([now.bubbles, lang]);
  draw_doors(now.lengths);
  if (state === drawn) return;
  drawn = state;
  const chat = $("chat");
  at_the_end = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  chat.replaceChildren(...(now.bubbles.length ? now.bubbles.map(draw_bubble) : [make("li", { className: "line", textContent: w().empty })]));
  if (at_the_end) chat.scrollTop = chat.scrollHeight;
}

$("say").onsubmit = (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  const payload = door.letters ? { title: $("subject").value.trim() || text.split("\n")[0].slice(0, 60), answers } : {};
  $("text").value = $("subject").value = answers = "";
  post("/api/say", { text, payload });
};
$("text").onkeydown = (event) => {
  if (event.key !== "Enter" || event.isComposing || event.shiftKey || (door.letters && !event.ctrlKey && !event.metaKey)) return;
  event.preventDefault();
  $("say").requestSubmit();
};
$("more").onclick = () => { $("menu").hidden = !$("menu").hidden; $("more").setAttribute("aria-expanded", String(!$("menu").hidden)); };
$("file").onchange = () => {
  const file = $("file").files[0];
  if (!file) return;
  const kind = ["image", "audio", "video"].includes(file.type.split("/")[0]) ? { image: "image", audio: "voice", video: "video" }[file.type.split("/")[0]] : "file";
  const reader = new FileReader();
  reader.onload = () => post("/api/say", { kind, name: file.name, type: file.type, file: reader.result.split(",")[1] });
  reader.readAsDataURL(file);
  $("file").value = "";
};
$("lang").onclick = () => { lang = lang === "zh" ? "en" : "zh"; keep("lang", lang); words_everywhere(); if (door) choose(door); };
$("who").onchange = () => { human = $("who").value; keep("human", human); seen = {}; answers = ""; journal = []; drawn = ""; look(); };

(async () => {
  words_everywhere();
  cast = await ask("/api/cast");
  $("desk").href = cast.product;
  $("who").replaceChildren(...cast.cast.map((each) => make("option", { value: each.key, textContent: each.name })));
  if (!cast.cast.some((each) => each.key === human)) human = cast.cast[0].key;
  $("who").value = human;
  const last = kept("door", "");
  choose(cast.doors.find((each) => `${each.vendor}/${each.channel}` === last) || cast.doors[0]);
  for (;;) {
    await new Promise((next) => setTimeout(next, document.visibilityState === "visible" ? 900 : 3000));
    try { await look(); } catch { /* the simulator was stopped, or starts again */ }
  }
})();
