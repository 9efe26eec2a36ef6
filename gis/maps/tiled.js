// Draws a layer from the vector tiles of the service, painted as declared: for what is too large to stand in a page.

quyhoach.tiled = (function () {
  "use strict";

  var TILE_PX = 512;
  var REACH_PX = 5;
  var OUTLINED_FROM = 14;

  function groupsOf(declared, layer) {
    var groups = {};
    layer.features.forEach(function (feature) {
      var code = declared.by === null ? "" : String(quyhoach.mvt.attribute(layer, feature, declared.columns[declared.by].name));
      (groups[code] = groups[code] || []).push(feature);
    });
    return groups;
  }

  // What matters more is drawn later and lies on top: codes are listed by their importance.
  function inOrder(declared, groups) {
    var rank = {};
    declared.codes.forEach(function (code) { rank[code.code] = code.rank; });
    return Object.keys(groups).sort(function (a, b) { return (rank[b] || 0) - (rank[a] || 0); });
  }

  function colorOf(declared, code) {
    var found = declared.codes.filter(function (one) { return one.code === code; })[0];
    return (found && found.color) || declared.paint.color;
  }

  // Far away the edges take the colour of the areas: borders of tiles would be seen, and neighbours would fall apart.
  function inked(pen, declared, path, color, zoom) {
    var paint = declared.paint;
    var isArea = declared.geometry === "MultiPolygon";
    var isOutlined = isArea && paint.outline && zoom >= OUTLINED_FROM;
    pen.setLineDash(paint.dashed ? [6, 4] : []);
    if (isArea) {
      pen.globalAlpha = paint.opacity;
      pen.fillStyle = color;
      pen.fill(path, "nonzero");
    }
    pen.globalAlpha = isOutlined ? 0.5 : isArea ? 0.4 * paint.opacity : paint.opacity;
    pen.strokeStyle = isOutlined ? paint.outline : color;
    pen.lineWidth = isArea ? 0.6 : paint.width;
    pen.stroke(path);
  }

  function dotted(pen, declared, points, color, radius) {
    pen.globalAlpha = declared.paint.opacity;
    pen.fillStyle = color;
    points.forEach(function (at) {
      pen.beginPath();
      pen.arc(at[0], at[1], radius, 0, 2 * Math.PI);
      pen.fill();
    });
  }

  function drawn(canvas, declared, layer, zoom) {
    var pen = canvas.getContext("2d");
    var scale = TILE_PX / layer.extent;
    pen.scale(canvas.width / TILE_PX, canvas.width / TILE_PX);
    var groups = groupsOf(declared, layer);
    inOrder(declared, groups).forEach(function (code) {
      var path = new Path2D();
      var points = [];
      groups[code].forEach(function (feature) { points = points.concat(quyhoach.mvt.trace(feature, scale, path)); });
      if (declared.geometry === "Point") dotted(pen, declared, points, colorOf(declared, code), zoom < 15 ? 2 : declared.paint.radius);
      else inked(pen, declared, path, colorOf(declared, code), zoom);
    });
  }

  // The feature at a place of a tile, the last drawn first.
  function touched(declared, layer, x, y) {
    var pen = document.createElement("canvas").getContext("2d");
    var scale = TILE_PX / layer.extent;
    pen.lineWidth = 2 * REACH_PX;
    return layer.features.slice().reverse().find(function (feature) {
      var path = new Path2D();
      var points = quyhoach.mvt.trace(feature, scale, path);
      if (declared.geometry === "Point") {
        return points.some(function (at) { return Math.hypot(at[0] - x, at[1] - y) <= declared.paint.radius + 2; });
      }
      return declared.geometry === "MultiPolygon" ? pen.isPointInPath(path, x, y) : pen.isPointInStroke(path, x, y);
    });
  }

  function said(declared, layer, feature) {
    return {
      id: feature.id,
      properties: declared.columns.map(function (column) { return quyhoach.mvt.attribute(layer, feature, column.name); }),
    };
  }

  function key(coords) { return coords.z + "/" + coords.x + "/" + coords.y; }

  return function (map, declared, tiles) {
    var kept = {};
    var Grid = L.GridLayer.extend({
      createTile: function (coords, done) {
        var canvas = document.createElement("canvas");
        canvas.width = canvas.height = TILE_PX * Math.min(window.devicePixelRatio || 1, 2);
        var zoom = coords.z - 1;
        var across = Math.pow(2, zoom);
        var column = ((coords.x % across) + across) % across;
        fetch(tiles.replace("{z}", zoom).replace("{x}", column).replace("{y}", coords.y)).then(function (answer) {
          if (!answer.ok) throw new Error("tile " + answer.status);
          return answer.status === 204 ? null : answer.arrayBuffer();
        }).then(function (bytes) {
          var layer = bytes && quyhoach.mvt.decode(new Uint8Array(bytes)).get(declared.name);
          if (layer) drawn(canvas, declared, kept[key(coords)] = layer, zoom);
          done(null, canvas);
        }).catch(function (error) { done(error, canvas); });
        return canvas;
      },
    });
    if (!map.getPane("tiles")) map.createPane("tiles").style.zIndex = 300;
    var grid = new Grid({ pane: "tiles", tileSize: TILE_PX, minZoom: 1, maxZoom: 22, maxNativeZoom: 20, keepBuffer: 1 });
    grid.declared = declared;
    grid.on("tileunload", function (event) { delete kept[key(event.coords)]; });
    map.on("click", function (event) {
      if (!map.hasLayer(grid)) return;
      var zoom = Math.min(Math.round(map.getZoom()), 20);
      var at = map.project(event.latlng, zoom);
      var coords = { x: Math.floor(at.x / TILE_PX), y: Math.floor(at.y / TILE_PX), z: zoom };
      var layer = kept[key(coords)];
      var found = layer && touched(declared, layer, at.x - coords.x * TILE_PX, at.y - coords.y * TILE_PX);
      if (found) L.popup({ maxWidth: 320, minWidth: 240 }).setLatLng(event.latlng).setContent(quyhoach.card(declared, said(declared, layer, found))).openOn(map);
    });
    return grid;
  };
})();
