// Paints vector tiles on a canvas as a MapLibre style says: areas, lines and circles, colours by code, widths by zoom.

import { attribute, decode, trace } from "../web/mvt.js";

const TILE_PX = 512;

// Return the value of a property at a zoom: a constant, or an interpolation of the zoom.
function atZoom(value, zoom) {
  if (!Array.isArray(value) || value[0] !== "interpolate") return value;
  const stops = value.slice(3);
  if (zoom <= stops[0]) return stops[1];
  for (let at = 2; at < stops.length; at += 2) {
    if (zoom > stops[at]) continue;
    const share = (zoom - stops[at - 2]) / (stops[at] - stops[at - 2]);
    return stops[at - 1] + share * (stops[at + 1] - stops[at - 1]);
  }
  return stops.at(-1);
}

// Return a function that finds the colour of a feature.
function colouring(value, layer) {
  if (!Array.isArray(value)) return () => value;
  const [, [, column], ...pairs] = value;
  const otherwise = pairs.pop();
  const colours = new Map();
  for (let at = 0; at < pairs.length; at += 2) for (const code of pairs[at]) colours.set(code, pairs[at + 1]);
  return (feature) => colours.get(attribute(layer, feature, column)) ?? otherwise;
}

function byColour(layer, value) {
  const colourOf = colouring(value, layer);
  const groups = new Map();
  for (const feature of layer.features) {
    const colour = colourOf(feature);
    if (!groups.has(colour)) groups.set(colour, []);
    groups.get(colour).push(feature);
  }
  return groups;
}

function pathOf(features, scale) {
  const path = new Path2D();
  for (const feature of features) trace(feature, scale, path);
  return path;
}

const DRAWN = {
  fill(pen, layer, paint, zoom, scale) {
    pen.globalAlpha = paint["fill-opacity"] ?? 1;
    for (const [colour, features] of byColour(layer, paint["fill-color"])) {
      pen.fillStyle = colour;
      pen.fill(pathOf(features, scale), "nonzero");
    }
  },
  line(pen, layer, paint, zoom, scale) {
    const width = atZoom(paint["line-width"] ?? 1, zoom);
    pen.globalAlpha = paint["line-opacity"] ?? 1;
    pen.lineWidth = width;
    pen.setLineDash((paint["line-dasharray"] ?? []).map((length) => length * width));
    for (const [colour, features] of byColour(layer, paint["line-color"])) {
      pen.strokeStyle = colour;
      pen.stroke(pathOf(features, scale));
    }
    pen.setLineDash([]);
  },
  circle(pen, layer, paint, zoom, scale) {
    pen.globalAlpha = paint["circle-opacity"] ?? 1;
    pen.strokeStyle = paint["circle-stroke-color"] ?? "transparent";
    pen.lineWidth = paint["circle-stroke-width"] ?? 0;
    for (const [colour, features] of byColour(layer, paint["circle-color"])) {
      pen.fillStyle = colour;
      for (const [x, y] of features.flatMap((feature) => trace(feature, scale, null))) {
        pen.beginPath();
        pen.arc(x, y, paint["circle-radius"] ?? 4, 0, 2 * Math.PI);
        pen.fill();
        if (pen.lineWidth > 0) pen.stroke();
      }
    }
  },
};

function paintTile(canvas, tiles, style, zoom) {
  const pen = canvas.getContext("2d");
  pen.scale(canvas.width / TILE_PX, canvas.width / TILE_PX);
  pen.lineJoin = pen.lineCap = "round";
  for (const drawn of style.layers) {
    const layer = tiles.get(drawn.source)?.get(drawn["source-layer"]);
    if (!layer || zoom < (drawn.minzoom ?? 0) || zoom >= (drawn.maxzoom ?? 24)) continue;
    DRAWN[drawn.type](pen, layer, drawn.paint, zoom, TILE_PX / layer.extent);
  }
}

async function fetched(source, { z, x, y }) {
  if (z < source.minzoom) return new Map();
  const address = source.tiles[0].replace("{z}", z).replace("{x}", x).replace("{y}", y);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`tile ${answer.status}`);
  return answer.status === 204 ? new Map() : decode(new Uint8Array(await answer.arrayBuffer()));
}

// A Leaflet layer that paints the tiles of a style.
export function styledLayer(L, style, options = {}) {
  const Grid = L.GridLayer.extend({
    createTile(coords, done) {
      const canvas = L.DomUtil.create("canvas");
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      canvas.width = canvas.height = TILE_PX * ratio;
      const z = coords.z - 1;
      const across = 2 ** z;
      if (coords.y < 0 || coords.y >= across) { setTimeout(() => done(null, canvas)); return canvas; }
      const place = { z, x: ((coords.x % across) + across) % across, y: coords.y };
      Promise.all(Object.entries(style.sources).map(async ([name, source]) => [name, await fetched(source, place)]))
        .then((tiles) => { paintTile(canvas, new Map(tiles), style, z); done(null, canvas); })
        .catch((error) => done(error, canvas));
      return canvas;
    },
  });
  return new Grid({ tileSize: TILE_PX, minZoom: 6, maxZoom: 20, keepBuffer: 1, updateWhenZooming: false, ...options });
}
