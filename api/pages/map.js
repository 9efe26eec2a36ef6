// The small map of a page: a style, or one layer of it, and the features the page is about.

import { styledLayer } from "./paint.js";

const holder = document.getElementById("map");
const { style: address, layer, horizon, bounds } = holder.dataset;
const parsed = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

const map = L.map(holder, { zoomControl: false, preferCanvas: true, maxZoom: 20, minZoom: 6, scrollWheelZoom: false });
map.attributionControl.setPrefix(false);
L.control.zoom({ position: "bottomright", zoomInTitle: holder.dataset.zoomIn, zoomOutTitle: holder.dataset.zoomOut }).addTo(map);
L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
map.on("focus click", () => map.scrollWheelZoom.enable());

// A style of one layer asks for the tiles of that layer alone.
function only(style, name) {
  if (!name) return style;
  const layers = style.layers.filter((drawn) => drawn["source-layer"] === name);
  const source = style.sources[layers[0].source];
  const tiles = source.tiles.map((tile) => tile.replace(`/tiles/${layers[0].source}/`, `/tiles/${name}/`));
  return { ...style, layers, sources: { [layers[0].source]: { ...source, tiles, minzoom: layers[0].minzoom } } };
}

let painted = null;
async function show(at) {
  const answer = await fetch(address.replace("HORIZON", at), { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`style ${answer.status}`);
  const style = only(await answer.json(), layer);
  painted?.remove();
  painted = styledLayer(L, style, { opacity: Number(holder.dataset.opacity ?? 1) }).addTo(map);
  if (layer) holder.classList.toggle("far", map.getZoom() - 1 < style.layers[0].minzoom);
  holder.dataset.first = layer ? style.layers[0].minzoom : 0;
}

function showFeatures(shapes) {
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--mark").trim();
  const look = { color: accent, weight: 2, fillOpacity: 0.22 };
  const found = ({ color, isOutline }) => ({ color, weight: isOutline ? 2.6 : 1.4, fill: !isOutline, fillOpacity: 0.55 });
  const drawn = L.geoJSON(shapes, {
    style: (feature) => (feature.color ? found(feature) : look),
    pointToLayer: (feature, at) => L.circleMarker(at, { ...look, radius: 6, fillOpacity: 0.8, color: "#fff", fillColor: feature.color ?? accent }),
    onEachFeature: (feature, shape) => {
      if (!feature.href) return;
      shape.on("click", () => { location.href = feature.href; });
      const row = document.getElementById(`feature-${feature.id}`);
      shape.on("mouseover", () => { row?.classList.add("marked"); shape.setStyle({ fillOpacity: 0.55 }); });
      shape.on("mouseout", () => { row?.classList.remove("marked"); drawn.resetStyle(shape); });
      row?.addEventListener("mouseenter", () => shape.setStyle({ fillOpacity: 0.6, weight: 4 }));
      row?.addEventListener("mouseleave", () => drawn.resetStyle(shape));
    },
  }).addTo(map);
  return drawn.getBounds();
}

function start() {
  const shapes = parsed("shapes");
  let around = shapes?.features.length ? showFeatures(shapes) : null;
  if (!around?.isValid() && bounds) {
    const [west, south, east, north] = bounds.split(",").map(Number);
    around = L.latLngBounds([south, west], [north, east]);
  }
  if (around?.isValid()) map.fitBounds(around, { padding: [18, 18], maxZoom: 17 });
  else map.setView([16.06, 108.2], 11);
  const far = () => holder.classList.toggle("far", map.getZoom() - 1 < Number(holder.dataset.first ?? 0));
  map.on("zoomend", far);
  const chosen = document.querySelectorAll("input[name=map-horizon]");
  for (const choice of chosen) choice.addEventListener("change", () => show(choice.value).then(far));
  if (address) show(horizon).then(far);
}

start();
