"use strict";
const search = document.querySelector("#search");
const found = document.querySelector("#found");
const nothing = document.querySelector("#nothing");
const cards = [...document.querySelectorAll("article")];
const links = new Map([...document.querySelectorAll(".graph a")].map((link) => [link.hash.slice(1), link]));
let texts = null;
let current = null;

// The text of each card, made when it is first searched.
function textOf(card) {
  texts ??= new Map(cards.map((each) => [each, each.textContent.toLowerCase().replace(/\s+/g, " ")]));
  return texts.get(card);
}

function look() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const card of cards) {
    const fits = words.every((word) => textOf(card).includes(word));
    card.hidden = !fits;
    links.get(card.id)?.parentElement.classList.toggle("out", !fits);
    count += fits;
  }
  document.querySelector(".graph").classList.toggle("searched", words.length > 0);
  found.textContent = words.length ? `${count || "No"} ${count === 1 ? "migration" : "migrations"}` : "";
  nothing.hidden = count > 0;
}

function go(step) {
  const shown = cards.filter((card) => !card.hidden);
  if (!shown.length) return;
  const place = shown.indexOf(current);
  const next = place < 0 ? shown[0] : shown[Math.min(Math.max(place + step, 0), shown.length - 1)];
  next.querySelector("h2").focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
  mark(next);
}

function mark(card) {
  if (current === card) return;
  if (current) links.get(current.id)?.removeAttribute("aria-current");
  current = card;
  const link = links.get(card.id);
  if (!link) return;
  link.setAttribute("aria-current", "true");
  const nav = link.closest("nav");
  const [box, room] = [link.getBoundingClientRect(), nav.getBoundingClientRect()];
  if (box.top < room.top) nav.scrollTop -= room.top - box.top;
  else if (box.bottom > room.bottom) nav.scrollTop += box.bottom - room.bottom;
}

search.addEventListener("input", look);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && (search.value || event.target === search)) {
    search.value = "";
    look();
    search.blur();
    return;
  }
  if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = { "/": () => search.focus(), j: () => go(1), k: () => go(-1) };
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

// The card that is read now is marked in the list.
const reading = new IntersectionObserver((entries) => {
  const top = entries.filter((entry) => entry.isIntersecting).sort((a, b) => a.boundingClientRect.top - b.boundingClientRect.top);
  if (top.length) mark(top[0].target);
}, { rootMargin: "0px 0px -75% 0px" });
// What is too wide can be scrolled with the keyboard too.
const width = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const wide = target.scrollWidth > target.clientWidth;
    target.toggleAttribute("tabindex", wide);
    if (wide) target.tabIndex = 0;
  }
});
for (const card of cards) reading.observe(card);
for (const each of document.querySelectorAll(".scroll")) width.observe(each);
if (window.matchMedia("(max-width: 860px)").matches && cards.length > 8) document.querySelector("#graph").open = false;
