// Draws the city: vector tiles of our own service, painted on canvas as the layers declare.

import { attribute, decode, trace } from "./mvt.js";

const TILE_PX = 512;

// Layers from the bottom to the top, and the tile zoom from which the page draws them.
const NOW = { land_use: 6, parcel: 14, water_body: 5, building: 14, channel: 11, road: 8, rail: 10, ward: 9 };
const PLAN = { zone: 8, parcel: 15, water_body: 5, building: 15, channel: 11, road: 8, rail: 10, ward: 9 };

// Zoom from which the classes of a street are drawn, most important first, and their width in pixels at zoom 14.
const ROAD_ZOOMS = [8, 8, 9, 10, 11, 12, 13, 13.5, 14, 14.5, 14.5, 14.5];
const ROAD_WIDTHS = [3.8, 3.4, 2.8, 2.3, 1.9, 1.6, 1.3, 1, 0.8, 0.7, 0.7, 0.6];
const OUTLINES_ONLY = new Set(["parcel"]);

const { scenario } = document.documentElement.dataset;

// What an address says of the city as it is looked at: the horizon, and the scenario where there is one.
export const standpoint = (horizon) => ({ horizon, ...(scenario && { scenario }) });

export const drawnAt = (horizon) => (horizon === "existing" ? NOW : PLAN);

// Read what the layers declare: titles, columns, code lists, paint.
export async function declarations() {
  const names = new Set(["land_use", "zone", ...Object.keys(NOW)]);
  const answers = await Promise.all([...names].map((name) => fetch(`/collections/${name}`)));
  if (answers.some((answer) => !answer.ok)) throw new Error("declarations");
  const layers = await Promise.all(answers.map((answer) => answer.json()));
  return new Map(layers.map((layer) => [layer.id, { ...layer, codes: codesOf(layer) }]));
}

function codesOf(layer) {
  const column = layer.columns.find((candidate) => candidate.name === layer.paint.by);
  return new Map((column?.codes ?? []).map((code, rank) => [code.code, { ...code, rank }]));
}

// A Leaflet layer that draws the tiles of one horizon. `onSeen` is told when other codes come into view.
export function cityLayer(L, layers, horizon, { onSeen, onLost }) {
  const seen = new Map();
  let lost = false;
  const Grid = L.GridLayer.extend({
    createTile(coords, done) {
      const canvas = L.DomUtil.create("canvas");
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      canvas.width = canvas.height = TILE_PX * ratio;
      fetchTile(coords, horizon).then((bytes) => {
        if (bytes) seen.set(key(coords), drawTile(canvas, decode(bytes), layers, coords.z - 1, horizon));
        done(null, canvas);
      }).catch((error) => { lost = true; done(error, canvas); });
      return canvas;
    },
  });
  const grid = new Grid({ tileSize: TILE_PX, minZoom: 7, maxZoom: 20, keepBuffer: 1, updateWhenZooming: false });
  grid.on("tileunload", (event) => seen.delete(key(event.coords)));
  grid.on("loading", () => { lost = false; });
  grid.on("load", () => (lost ? onLost() : onSeen(gathered(seen))));
  return grid;
}

const key = (coords) => `${coords.z}/${coords.x}/${coords.y}`;

async function fetchTile({ x, y, z }, horizon) {
  const shown = Object.entries(drawnAt(horizon)).filter(([, zoom]) => z - 1 >= zoom).map(([name]) => name);
  if (y < 0 || y >= 2 ** (z - 1) || shown.length === 0) return null;
  const column = ((x % 2 ** (z - 1)) + 2 ** (z - 1)) % 2 ** (z - 1);
  const answer = await fetch(`/tiles/${shown.join(",")}/${z - 1}/${column}/${y}.mvt?${new URLSearchParams(standpoint(horizon))}`);
  if (!answer.ok) throw new Error(`tile ${answer.status}`);
  return answer.status === 204 ? null : new Uint8Array(await answer.arrayBuffer());
}

function gathered(seen) {
  const codes = new Map();
  for (const tile of seen.values()) {
    for (const [name, values] of tile) codes.set(name, new Set([...(codes.get(name) ?? []), ...values]));
  }
  return codes;
}

function drawTile(canvas, tile, layers, zoom, horizon) {
  const pen = canvas.getContext("2d");
  pen.scale(canvas.width / TILE_PX, canvas.width / TILE_PX);
  pen.lineJoin = pen.lineCap = "round";
  const seen = new Map();
  for (const name of Object.keys(drawnAt(horizon))) {
    const layer = tile.get(name);
    if (!layer) continue;
    const groups = grouped(layer, layers.get(name), zoom);
    seen.set(name, new Set(groups.keys()));
    const outlined = OUTLINES_ONLY.has(name) && horizon !== "existing";
    drawLayer(pen, layer, groups, layers.get(name), zoom, outlined);
  }
  return seen;
}

function grouped(layer, declared, zoom) {
  const groups = new Map();
  for (const feature of layer.features) {
    const code = declared.paint.by ? attribute(layer, feature, declared.paint.by) : "";
    if (declared.id === "road" && zoom < (ROAD_ZOOMS[declared.codes.get(code)?.rank ?? 7] ?? 14)) continue;
    if (!groups.has(code)) groups.set(code, []);
    groups.get(code).push(feature);
  }
  return groups;
}

function drawLayer(pen, layer, groups, declared, zoom, outlined) {
  const scale = TILE_PX / layer.extent;
  // The most important code comes last and lies on top.
  const order = [...groups].sort(([a], [b]) => rank(declared, b) - rank(declared, a));
  const paths = order.map(([code, features]) => {
    const path = new Path2D();
    for (const feature of features) trace(feature, scale, path);
    return [code, path];
  });
  if (declared.geometry === "MultiPolygon") return drawAreas(pen, paths, declared, zoom, outlined);
  if (declared.id === "road") return drawRoads(pen, paths, declared, zoom);
  return drawLines(pen, paths, declared, zoom);
}

// Whether a street is drawn white with a fine casing instead of in its colour.
export const isMinor = (declared, code) => declared.id === "road" && rank(declared, code) > 5;

const rank = (declared, code) => declared.codes.get(code)?.rank ?? declared.codes.size;
export const colorOf = (declared, code) => declared.codes.get(code)?.color ?? declared.paint.color;

function drawAreas(pen, paths, declared, zoom, outlined) {
  const { paint } = declared;
  for (const [code, path] of paths) {
    const color = colorOf(declared, code);
    if (paint.opacity > 0 && !outlined) {
      pen.globalAlpha = paint.opacity;
      pen.fillStyle = color;
      // Rings of a tile wind one way and holes the other, so what overlaps does not cancel out.
      pen.fill(path, "nonzero");
    }
    // Without a declared outline the edge takes the fill's colour, so that no hair line shows between neighbours.
    pen.globalAlpha = paint.outline ? outlineAlpha(declared, zoom) : paint.opacity * 0.6;
    pen.strokeStyle = paint.outline ?? color;
    pen.lineWidth = paint.outline ? paint.width_px * Math.min(1, 0.4 + (zoom - 9) * 0.1) : 0.4;
    pen.setLineDash(declared.id === "ward" ? [7, 3, 1.5, 3] : paint.dashed ? [6, 4] : []);
    if (pen.globalAlpha > 0) pen.stroke(path);
  }
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}

function outlineAlpha(declared, zoom) {
  if (declared.id === "ward") return zoom < 11 ? 0.55 : 0.9;
  if (declared.id === "zone") return zoom < 13 ? 0.15 : 0.5;
  return 0.6;
}

function roadWidth(declared, code, zoom) {
  const base = ROAD_WIDTHS[declared.codes.get(code)?.rank ?? 7] ?? 1;
  return Math.max(0.5, base * 1.42 ** (zoom - 13));
}

function drawRoads(pen, paths, declared, zoom) {
  for (const [code, path] of paths) {
    pen.strokeStyle = zoom < 12 ? "#fffdf8" : "#8f8779";
    pen.lineWidth = roadWidth(declared, code, zoom) + (zoom < 12 ? 0.8 : 1);
    pen.globalAlpha = zoom < 12 ? 0.7 : 0.55;
    pen.stroke(path);
  }
  pen.globalAlpha = 1;
  for (const [code, path] of paths) {
    pen.strokeStyle = isMinor(declared, code) ? "#fffdf8" : colorOf(declared, code);
    pen.lineWidth = roadWidth(declared, code, zoom);
    pen.stroke(path);
  }
}

function drawLines(pen, paths, declared, zoom) {
  for (const [code, path] of paths) {
    pen.globalAlpha = declared.paint.opacity;
    pen.strokeStyle = colorOf(declared, code);
    pen.lineWidth = declared.paint.width_px * Math.max(0.5, Math.min(1.6, 1 + (zoom - 13) * 0.15));
    pen.setLineDash(declared.paint.dashed ? [7, 4] : []);
    pen.stroke(path);
  }
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}
