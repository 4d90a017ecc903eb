"use strict";
const svg = document.querySelector("#stage svg");
const search = document.querySelector("#search");
const found = document.querySelector("#found");
const tables = [...svg.querySelectorAll(".table")];
const relations = [...svg.querySelectorAll(".relation")];
const [width, height] = [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
const view = { x: width / 2, y: height / 2, scale: 1 };
const pointers = new Map();
let matches = [];
let turn = -1;
svg.removeAttribute("width");
svg.removeAttribute("height");
svg.querySelector(".paper").remove();

function show() {
  const [w, h] = [svg.clientWidth / view.scale, svg.clientHeight / view.scale];
  view.x = Math.min(Math.max(view.x, 0), width);
  view.y = Math.min(Math.max(view.y, 0), height);
  svg.setAttribute("viewBox", `${view.x - w / 2} ${view.y - h / 2} ${w} ${h}`);
}

function fit() {
  const whole = Math.min(svg.clientWidth / width, svg.clientHeight / height, 1.25);
  Object.assign(view, { x: width / 2, y: height / 2, scale: whole });
  show();
}

function begin() {
  fit();
  if (view.scale < 0.45) {  // too small to read: begin at the first tables instead
    view.scale = Math.max(view.scale, 0.6);
    view.y = svg.clientHeight / view.scale / 2;
    show();
  }
}

// The point under (left, top) stays where it is.
function zoom(factor, left = svg.clientWidth / 2, top = svg.clientHeight / 2) {
  const scale = Math.min(Math.max(view.scale * factor, 0.04), 6);
  const [dx, dy] = [left - svg.clientWidth / 2, top - svg.clientHeight / 2];
  view.x += dx / view.scale - dx / scale;
  view.y += dy / view.scale - dy / scale;
  view.scale = scale;
  show();
}

function pan(dx, dy) {
  view.x -= dx / view.scale;
  view.y -= dy / view.scale;
  show();
}

function reveal(table) {
  const box = table.getBoundingClientRect();
  const stage = svg.getBoundingClientRect();
  const inside = box.left >= stage.left && box.right <= stage.right && box.top >= stage.top && box.bottom <= stage.bottom;
  if (inside && view.scale >= 0.5) return;
  pan(stage.left + stage.width / 2 - (box.left + box.right) / 2, stage.top + stage.height / 2 - (box.top + box.bottom) / 2);
  if (view.scale < 0.5) zoom(0.9 / view.scale);
}

function select(table) {
  const name = table ? table.dataset.name : null;
  svg.classList.toggle("selected", table !== null);
  for (const each of relations) each.classList.toggle("near", each.dataset.child === name || each.dataset.parent === name);
}

function look() {
  const wanted = search.value.trim().toLowerCase();
  const text = (table) => [...table.querySelectorAll("text.name, text.key, text.column")].map((each) => each.textContent.toLowerCase());
  matches = wanted ? tables.filter((table) => text(table).some((each) => each.includes(wanted))) : [];
  const named = (table) => (table.dataset.name.toLowerCase().includes(wanted) ? 0 : 1);
  matches.sort((one, other) => named(one) - named(other));
  for (const table of tables) table.classList.toggle("match", matches.includes(table));
  svg.classList.toggle("searched", wanted !== "");
  found.textContent = wanted ? `${matches.length || "No"} ${matches.length === 1 ? "table" : "tables"}` : "";
  turn = -1;
  if (matches.length) reveal(matches[0]);
}

function next(step) {
  if (!matches.length) return;
  turn = (turn + step + matches.length) % matches.length;
  matches[turn].focus({ preventScroll: true });
}

for (const table of tables) {
  table.addEventListener("focus", () => { select(table); reveal(table); });
  table.addEventListener("blur", () => select(null));
}
search.addEventListener("input", look);
search.addEventListener("keydown", (event) => { if (event.key === "Enter") next(event.shiftKey ? -1 : 1); });
document.querySelector("#in").addEventListener("click", () => zoom(1.3));
document.querySelector("#out").addEventListener("click", () => zoom(1 / 1.3));
document.querySelector("#fit").addEventListener("click", fit);

svg.addEventListener("wheel", (event) => {
  event.preventDefault();
  const stage = svg.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event.clientX - stage.left, event.clientY - stage.top);
}, { passive: false });

svg.addEventListener("pointerdown", (event) => { pointers.set(event.pointerId, event); svg.classList.add("dragged"); });
for (const name of ["pointerup", "pointercancel"]) {
  window.addEventListener(name, (event) => { pointers.delete(event.pointerId); svg.classList.toggle("dragged", pointers.size > 0); });
}
window.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const other = [...pointers.values()].find((each) => each.pointerId !== event.pointerId);
  if (other) {
    const stage = svg.getBoundingClientRect();
    const apart = (each) => Math.hypot(each.clientX - other.clientX, each.clientY - other.clientY);
    zoom(apart(event) / Math.max(apart(before), 1), (event.clientX + other.clientX) / 2 - stage.left, (event.clientY + other.clientY) / 2 - stage.top);
  } else {
    pan(event.clientX - before.clientX, event.clientY - before.clientY);
  }
  pointers.set(event.pointerId, event);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    search.value = "";
    look();
    document.activeElement.blur();
    return;
  }
  if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = {
    "/": () => search.focus(), "+": () => zoom(1.3), "=": () => zoom(1.3), "-": () => zoom(1 / 1.3), "0": fit,
    ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0), ArrowUp: () => pan(0, 60), ArrowDown: () => pan(0, -60),
  };
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});
window.addEventListener("resize", show);
begin();
