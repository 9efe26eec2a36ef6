// The page: one map, a choice of horizon, a legend of what is in view, a card for the place that was touched.

import { cityLayer, colorOf, declarations, drawnAt, isMinor, standpoint } from "./city.js";

const L = window.L;
const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const say = (titles) => titles[language];
const panel = document.querySelector(".panel");
const notice = document.querySelector(".notice");
const card = document.querySelector(".place-card");
const NO_LEGEND = new Set(["ward"]);
// Said once at the foot of the panel, not with every feature.
const BOOKKEEPING = new Set(["source", "source_document", "source_date", "quality", "delivery", "stage", "stage_end", "valid_from"]);
const NEAR_DEGREES = 2e-6;
const RETRY_MS = 3000;

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function tell(text) {
  notice.textContent = text ?? "";
  notice.hidden = !text;
}

// --- Legend -------------------------------------------------------------------------------------------------------

function showLegend(layers, seen) {
  const entries = document.querySelector(".entries");
  entries.replaceChildren();
  const inOrder = [...layers.keys()].filter((name) => seen.has(name));
  for (const name of inOrder) {
    const codes = seen.get(name);
    const layer = layers.get(name);
    const present = [...layer.codes.values()].filter((code) => codes.has(code.code));
    if (NO_LEGEND.has(name) || present.length === 0) continue;
    entries.append(make("h2", "", say(layer.titles)));
    const list = make("ul");
    for (const code of present) list.append(legendEntry(layer, code));
    entries.append(list);
  }
  if (!entries.children.length) entries.append(make("p", "hint", words.legend_empty));
}

function legendEntry(layer, code) {
  const entry = make("li");
  const kind = layer.geometry === "MultiLineString" ? "swatch line" : "swatch";
  const swatch = make("span", isMinor(layer, code.code) ? `${kind} minor` : kind);
  swatch.style.setProperty("--color", colorOf(layer, code.code));
  swatch.style.setProperty("--opacity", layer.paint.opacity);
  entry.append(swatch, make("span", "", say(code.titles)));
  // The law's colours repeat; the code tells such uses apart.
  if (!/[a-z]/.test(code.code)) entry.append(make("code", "", code.code));
  return entry;
}

// --- A touched place ----------------------------------------------------------------------------------------------

async function ask(name, { lat, lng }, horizon) {
  const box = [lng - NEAR_DEGREES, lat - NEAR_DEGREES, lng + NEAR_DEGREES, lat + NEAR_DEGREES];
  const query = new URLSearchParams({ bbox: box.map((side) => side.toFixed(7)).join(","), limit: 1, ...standpoint(horizon) });
  const answer = await fetch(`/collections/${name}/items?${query}`);
  if (!answer.ok) throw new Error(`items ${answer.status}`);
  return (await answer.json()).features[0];
}

function shownValue(column, value) {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (column.kind === "date") return new Date(`${value}T00:00:00`).toLocaleDateString(language);
  const code = column.codes?.find((candidate) => candidate.code === value);
  if (code) return say(code.titles);
  const unit = column.unit && !["1", "year"].includes(column.unit) ? `\u00a0${column.unit}` : "";
  return typeof value === "number" && column.unit !== "year" ? value.toLocaleString(language) + unit : `${value}${unit}`;
}

function describe(layer, feature) {
  const part = make("article");
  part.append(make("h2", "", say(layer.titles)));
  const list = make("dl");
  for (const column of layer.columns) {
    const value = feature.properties[column.name];
    if (value === null || value === "" || BOOKKEEPING.has(column.name)) continue;
    list.append(make("dt", "", say(column.titles)), make("dd", "", shownValue(column, value)));
  }
  part.append(list);
  return part;
}

async function showPlace(map, layers, horizon, point, highlight) {
  const areas = Object.keys(drawnAt(horizon)).filter((name) => ["land_use", "zone", "parcel", "ward"].includes(name));
  const asked = areas.filter((name) => name !== "parcel" || map.getZoom() >= 14);
  const found = await Promise.all(asked.map((name) => ask(name, point, horizon).then((feature) => [name, feature])));
  const known = found.filter(([, feature]) => feature);
  highlight.clearLayers();
  card.replaceChildren();
  const close = make("button", "close", "×");
  close.setAttribute("aria-label", words.close);
  close.addEventListener("click", () => { card.hidden = true; highlight.clearLayers(); });
  card.append(close);
  for (const [name, feature] of known) {
    if (name !== "ward") card.append(describe(layers.get(name), feature));
  }
  const ward = known.find(([name]) => name === "ward")?.[1];
  if (ward) card.prepend(make("p", "place", ward.properties.name));
  if (known.length === 0) card.append(make("p", "hint", words.nothing));
  const smallest = known.findLast(([name]) => name !== "ward");
  if (smallest) highlight.addData(smallest[1]);
  card.hidden = false;
  card.scrollIntoView({ block: "nearest" });
}

// --- Names of wards -----------------------------------------------------------------------------------------------

function middle(geometry) {
  const rings = geometry.coordinates.map((polygon) => polygon[0]);
  const [x, y, weight] = rings.map(ringMoment).reduce((a, b) => (Math.abs(a[2]) > Math.abs(b[2]) ? a : b));
  return { at: L.latLng(y / (3 * weight), x / (3 * weight)), size: Math.abs(weight) };
}

function ringMoment(ring) {
  let [x, y, weight] = [0, 0, 0];
  for (let at = 1; at < ring.length; at++) {
    const [[ax, ay], [bx, by]] = [ring[at - 1], ring[at]];
    const cross = ax * by - bx * ay;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
    weight += cross;
  }
  return [x, y, weight];
}

function nameWards(map, wards) {
  const names = L.layerGroup().addTo(map);
  const places = wards.map((ward) => ({ name: ward.properties.name, ...middle(ward.geometry) }));
  places.sort((a, b) => b.size - a.size);
  const place = () => {
    names.clearLayers();
    const taken = [];
    for (const { name, at } of map.getZoom() < 11 ? [] : places) {
      const { x, y } = map.project(at);
      const half = name.length * 4.5;
      if (taken.some((other) => Math.abs(other.x - x) < half + other.half && Math.abs(other.y - y) < 20)) continue;
      taken.push({ x, y, half });
      const icon = L.divIcon({ className: "ward-name", html: make("span", "", name), iconSize: null });
      names.addLayer(L.marker(at, { icon, interactive: false, keyboard: false }));
    }
  };
  map.on("zoomend", place);
  place();
}

// --- The whole ----------------------------------------------------------------------------------------------------

function makeMap() {
  const map = L.map("map", { zoomControl: false, preferCanvas: true, maxZoom: 20, minZoom: 8 });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "bottomright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false, maxWidth: 120 }).addTo(map);
  return map;
}

function startView(map, layers) {
  const [zoom, lat, lng] = location.hash.slice(1).split("/").map(Number);
  if (Number.isFinite(zoom + lat + lng) && location.hash) return map.setView([lat, lng], zoom);
  const box = ["land_use", "ward", "zone", "parcel"].map((name) => layers.get(name).extent?.spatial.bbox[0]).find(Boolean);
  if (!box) {
    tell(words.empty);
    return map.setView([16.06, 108.2], 12);
  }
  const [west, south, east, north] = box;
  const wide = window.innerWidth > 760;
  const size = panel.getBoundingClientRect();
  map.fitBounds([[south, west], [north, east]], {
    paddingTopLeft: [wide ? size.right : 8, 8],
    paddingBottomRight: [8, wide ? 8 : Math.min(size.height, window.innerHeight * 0.4)],
  });
  return map;
}

async function showSource() {
  const answer = await fetch("/collections/ward/items?limit=500");
  const { features } = await answer.json();
  const sources = [...new Set(features.map((ward) => ward.properties.source))];
  const line = document.querySelector(".source");
  line.textContent = sources.includes("sample") ? words.sample : `${words.source}: ${sources.join(", ")}`;
  line.classList.toggle("warning", sources.includes("sample"));
  line.hidden = sources.length === 0;
  return features;
}

async function start() {
  const layers = await declarations();
  const map = makeMap();
  startView(map, layers);
  const highlight = L.geoJSON(null, { style: { color: "#12495a", weight: 2.5, fillOpacity: 0.08 }, interactive: false }).addTo(map);
  let horizon = panel.querySelector("input[name=horizon]:checked").value;
  let drawn = null;
  let waiting = 0;
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => drawn.redraw(), RETRY_MS);
  };
  const show = () => {
    drawn?.remove();
    drawn = cityLayer(L, layers, horizon, {
      onSeen: (seen) => { tell(null); showLegend(layers, seen); },
      onLost: () => { tell(words.lost); again(); },
    }).addTo(map);
    card.hidden = true;
    highlight.clearLayers();
  };
  show();
  panel.addEventListener("change", (event) => {
    if (event.target.name !== "horizon") return;
    horizon = event.target.value;
    show();
  });
  const closer = () => { document.querySelector(".closer").hidden = map.getZoom() >= 15; };
  map.on("zoomend", closer);
  closer();
  map.on("click", (event) => showPlace(map, layers, horizon, event.latlng.wrap(), highlight).catch(() => tell(words.lost)));
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    history.replaceState(null, "", `#${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`);
  });
  window.addEventListener("online", () => drawn.redraw());
  nameWards(map, await showSource());
}

if (window.innerWidth <= 760) document.querySelector(".legend").open = false;
start().catch(() => tell(words.lost));
