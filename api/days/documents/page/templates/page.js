"use strict";
// Moves the map and picks out one truck. The page reads the same without it.
(() => {
  const map = document.getElementById("map");
  const width = Number(map.dataset.width), height = Number(map.dataset.height);
  const view = { x: 0, y: 0, zoom: 1 };
  const MAX_ZOOM = 16;

  // Pixels of the screen to units of the picture, at the present view.
  function unitsPerPixel() {
    const box = map.getBoundingClientRect();
    return Math.max(width / box.width, height / box.height) / view.zoom;
  }

  function show() {
    view.x = Math.min(Math.max(view.x, -width / 4), width - width / view.zoom + width / 4);
    view.y = Math.min(Math.max(view.y, -height / 4), height - height / view.zoom + height / 4);
    if (view.zoom === 1) { view.x = 0; view.y = 0; }
    map.setAttribute("viewBox", `${view.x} ${view.y} ${width / view.zoom} ${height / view.zoom}`);
    const unit = unitsPerPixel();
    map.style.setProperty("--k", Math.min(unit, 1.3));
    map.dataset.level = [8, 4, 2, 1].find((level) => 1.15 / unit >= level) ?? 1;
    map.classList.toggle("zoomed", view.zoom > 1);
  }

  // Zooms around a point of the screen, or around the middle.
  function zoomBy(factor, clientX, clientY) {
    const box = map.getBoundingClientRect();
    const dx = (clientX ?? box.left + box.width / 2) - box.left - box.width / 2;
    const dy = (clientY ?? box.top + box.height / 2) - box.top - box.height / 2;
    const before = unitsPerPixel();
    const middle = { x: view.x + width / view.zoom / 2, y: view.y + height / view.zoom / 2 };
    view.zoom = Math.min(Math.max(view.zoom * factor, 1), MAX_ZOOM);
    const after = unitsPerPixel();
    view.x = middle.x + dx * (before - after) - width / view.zoom / 2;
    view.y = middle.y + dy * (before - after) - height / view.zoom / 2;
    show();
  }

  map.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  }, { passive: false });

  const fingers = new Map();
  let moved = 0, spread = 0;
  map.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    moved = 0;
    spread = 0;
  });
  window.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      if (spread) zoomBy(now / spread, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
      spread = now;
      return;
    }
    const dx = event.clientX - last.clientX, dy = event.clientY - last.clientY;
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 3) map.classList.add("moving");
    view.x -= dx * unitsPerPixel();
    view.y -= dy * unitsPerPixel();
    show();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    window.addEventListener(name, (event) => {
      fingers.delete(event.pointerId);
      map.classList.remove("moving");
    });
  }

  new ResizeObserver(show).observe(map);

  const zoom = document.querySelector(".zoom");
  zoom.hidden = false;
  zoom.addEventListener("click", (event) => {
    const way = event.target.dataset.zoom;
    if (way === "in") zoomBy(1.6);
    if (way === "out") zoomBy(1 / 1.6);
    if (way === "all") { view.zoom = 1; show(); }
  });

  // A card and its mark on the map find each other.
  function point(order) {
    for (const element of document.querySelectorAll("[data-order]")) {
      element.classList.toggle("on", element.dataset.order === order);
      if (element.matches(".left.on, .carriers li.on")) element.scrollIntoView({ block: "nearest" });
    }
  }

  // Brings a mark into the middle, near enough to tell it from its neighbours.
  function panTo(mark) {
    const at = mark.transform.baseVal.consolidate().matrix;
    view.zoom = Math.max(view.zoom, 2.5);
    view.x = at.e - width / view.zoom / 2;
    view.y = at.f - height / view.zoom / 2;
    show();
  }

  const clear = document.querySelector(".clear");
  let picked = "";
  function pick(truck) {
    picked = truck === picked ? "" : truck;
    document.body.classList.toggle("picked", picked !== "");
    clear.hidden = picked === "";
    for (const element of document.querySelectorAll("[data-truck]")) {
      const on = picked !== "" && element.dataset.truck === picked;
      element.classList.toggle("on", on);
      if (element.matches("details")) {
        element.open = on;
        if (on) element.scrollIntoView({ block: "nearest" });
      }
    }
  }
  document.addEventListener("click", (event) => {
    if (moved > 3 && map.contains(event.target)) return;
    if (event.target.closest("a, .stops, .facts")) return;
    const left = event.target.closest("[data-order]");
    if (left && !event.target.closest("details")) {
      point(left.dataset.order);
      const mark = map.querySelector(".lefts .on");
      if (mark && left.matches(".left")) panTo(mark);
    }
    const element = event.target.closest("[data-truck]");
    if (element) {
      event.preventDefault();
      pick(element.dataset.truck);
    } else if (map.contains(event.target) && picked) {
      pick(picked);
    }
  });
  // One day of several: trucks and rows of the others are away, on the map as well.
  const days = document.querySelector(".days");
  const dayOf = new Map();
  for (const card of document.querySelectorAll("details[data-day]")) {
    dayOf.set(card.dataset.truck, card.dataset.day);
  }
  function showDay(day) {
    if (picked) pick(picked);
    for (const button of days.children) button.classList.toggle("on", button.dataset.show === day);
    for (const element of document.querySelectorAll("[data-truck], [data-day]")) {
      const its = element.dataset.day || dayOf.get(element.dataset.truck);
      element.classList.toggle("away", day !== "" && its !== day);
    }
  }
  if (days) {
    days.hidden = false;
    days.addEventListener("click", (event) => {
      const button = event.target.closest("[data-show]");
      if (button) showDay(button.dataset.show);
    });
  }
  clear.addEventListener("click", () => pick(picked));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    point("");
    if (picked) pick(picked);
  });
  window.addEventListener("beforeprint", () => {
    for (const element of document.querySelectorAll("details")) element.open = true;
  });
})();
