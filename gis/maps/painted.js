// Draws layers of the city on a Leaflet map as they are declared: paint, legend, what a touched feature says.

var quyhoach = (function () {
  "use strict";

  var QUIET = {
    water_body: { fill: true, fillColor: "#cfe0e8", fillOpacity: 1, stroke: false },
    road: { color: "#dcd5c7", weight: 1, opacity: 1 },
    ward: { color: "#77778f", weight: 1, opacity: 0.75, dashArray: "7 3 1.5 3", fill: false },
  };

  var ROOM_PX = 36;

  function make(tag, className, parent, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    if (parent) parent.appendChild(element);
    return element;
  }

  var LANGUAGES = ["vi", "en"];
  var first = 0;

  // Both languages, Vietnamese first unless said otherwise, the other after it in a softer voice.
  function both(words, tag, className, parent) {
    var element = make(tag, className, parent);
    make("span", "first", element, words[first]).lang = LANGUAGES[first];
    if (words[0] !== words[1]) make("span", "second", element, words[1 - first]).lang = LANGUAGES[1 - first];
    return element;
  }

  // 12.345,6 in Vietnamese, 12,345.6 in English: as the language has it that stands first.
  function number(value) {
    var signs = LANGUAGES[first] === "vi" ? [".", ","] : [",", "."];
    var parts = String(Math.round(value * 1000) / 1000).split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, signs[0]);
    return parts.join(signs[1]);
  }

  // --- Paint ------------------------------------------------------------------------------------------------------

  // The declared code a feature is painted by; codes stand in the order of their importance.
  function coder(declared) {
    var byCode = {};
    declared.codes.forEach(function (code) { byCode[code.code] = code; });
    var other = { color: declared.paint.color, rank: 99 };
    return function (values) { return (declared.by !== null && byCode[values[declared.by]]) || other; };
  }

  // A street is drawn the wider the more it carries: three widths about the declared one.
  function weightOf(declared, rank) {
    var share = declared.name === "road" ? (rank < 3 ? 1.9 : rank < 6 ? 1.3 : 0.7) : 1;
    return Math.max(1, declared.paint.width * share);
  }

  function styleOf(declared, code) {
    var paint = declared.paint;
    var color = code.color || paint.color;
    var dash = paint.dashed ? "6 4" : null;
    if (declared.geometry === "MultiLineString") {
      return { color: color, weight: weightOf(declared, code.rank), opacity: paint.opacity, dashArray: dash, lineCap: "butt" };
    }
    if (declared.geometry === "Point") {
      return {
        radius: paint.radius, color: paint.outline || color, weight: 1.2, opacity: 1, fillColor: color,
        fillOpacity: paint.opacity,
      };
    }
    return {
      color: paint.outline || color, weight: paint.outline ? paint.width : 0.5, opacity: paint.outline ? 0.9 : paint.opacity,
      dashArray: dash, smoothFactor: 0.4, fill: true, fillColor: color, fillOpacity: paint.opacity,
    };
  }

  // Where features stand close together, outlines thin out and symbols shrink, so that colours and not edges are seen.
  function roomFor(map, painted) {
    var bounds = painted.getBounds();
    if (!bounds.isValid()) return 1;
    var size = map.project(bounds.getNorthEast()).subtract(map.project(bounds.getSouthWest()));
    var apart = Math.sqrt(Math.abs(size.x * size.y) / painted.declared.shown);
    return Math.max(0.12, Math.min(1, apart / ROOM_PX));
  }

  function makeRoom(map, painted) {
    if (!painted.eachLayer) return; // drawn from tiles
    var paint = painted.declared.paint;
    var room = roomFor(map, painted);
    if (painted.declared.geometry === "Point") {
      painted.eachLayer(function (point) { point.setRadius(paint.radius * Math.max(0.5, room)); });
      painted.setStyle({ weight: 1.2 * Math.max(0.4, room) });
    } else if (painted.declared.geometry === "MultiPolygon" && paint.outline && paint.opacity > 0) {
      painted.setStyle({ weight: paint.width * Math.max(0.5, room), opacity: 0.9 * room });
    }
  }

  // On a map that is divided each side has a pane of its own, so that the divider can cut it.
  function sided(map, name, side, order) {
    if (!side) return name;
    var full = name + " " + side;
    if (!map.getPane(full)) map.createPane(full).style.zIndex = order;
    map.getPane(full).classList.add("side-" + side);
    if (side === "both") map.getPane(full).style.pointerEvents = "none";
    return full;
  }

  function layer(map, declared, rows, side) {
    var codeOf = coder(declared);
    var pane = sided(map, "overlayPane", side, side === "both" ? 460 : 400);
    // What matters more is drawn later and lies on top.
    if (declared.geometry === "MultiLineString") rows.sort(function (a, b) { return codeOf(b[1]).rank - codeOf(a[1]).rank; });
    var painted = L.geoJSON(rows.map(function (row) {
      return { type: "Feature", id: row[0], properties: row[1], geometry: row[2] };
    }), {
      pane: pane,
      style: function (feature) { return styleOf(declared, codeOf(feature.properties)); },
      pointToLayer: function (feature, at) {
        return L.circleMarker(at, Object.assign({ pane: pane }, styleOf(declared, codeOf(feature.properties))));
      },
    });
    painted.declared = declared;
    painted.bindPopup(function (part) { return card(declared, part.feature); }, {
      pane: "popupPane", maxWidth: 320, minWidth: 240, autoPanPadding: [24, 24],
    });
    if (window.matchMedia("(hover: hover)").matches) {
      painted.on("popupopen", function (event) { event.propagatedFrom.closeTooltip(); });
      painted.bindTooltip(function (part) { return hint(declared, part.feature); }, {
        pane: "tooltipPane", sticky: true, direction: "top", offset: [0, -6],
      });
    }
    return painted;
  }

  // --- What a feature says ----------------------------------------------------------------------------------------

  function shown(column, value, parent) {
    if (typeof value === "boolean") both(value ? ["Có", "Yes"] : ["Không", "No"], "dd", "", parent);
    else if (column.values && column.values[value]) {
      var coded = both(column.values[value], "dd", "", parent);
      if (!/[a-z]/.test(value)) coded.insertBefore(make("code", "", null, value), coded.firstChild);
    } else {
      var isShare = typeof value === "number" && column.kind === "share";
      var isAmount = typeof value === "number" && column.kind !== "year";
      var measured = isShare ? number(Math.round(value * 1000) / 10) : isAmount ? number(value) : String(value);
      var unit = isShare ? ["%", "%"] : column.unit;
      if (unit) both([measured + "\u00a0" + unit[0], measured + "\u00a0" + unit[1]], "dd", "", parent);
      else make("dd", "", parent, measured);
    }
  }

  function card(declared, feature) {
    var element = make("article", "card");
    both(declared.title, "h2", "", element);
    var list = make("dl", "", element);
    declared.columns.forEach(function (column, place) {
      var value = feature.properties[place];
      if (value === null || value === "") return;
      both(column.title, "dt", "", list);
      shown(column, value, list);
    });
    if (feature.id !== null) make("p", "uid", element, "uid " + feature.id);
    return element;
  }

  function hint(declared, feature) {
    var element = make("div", "hint");
    var name = declared.label !== null && feature.properties[declared.label];
    if (name) make("strong", "", element, name);
    var coded = declared.by !== null && declared.columns[declared.by].values[feature.properties[declared.by]];
    if (coded) both(coded, "div", "", element);
    else if (!name) both(declared.title, "div", "", element);
    return element;
  }

  // --- Context ----------------------------------------------------------------------------------------------------

  function pane(map, name, side, order) {
    var full = sided(map, name, side, order);
    var made = map.getPane(full) || map.createPane(full);
    made.style.zIndex = order;
    made.style.pointerEvents = "none";
    return full;
  }

  function context(map, outlines, side) {
    var beneath = L.canvas({ pane: pane(map, "beneath", side, 250) });
    var above = L.canvas({ pane: pane(map, "above", side, 450) });
    ["water_body", "road", "ward"].forEach(function (name) {
      if (!outlines[name]) return;
      var renderer = name === "ward" ? above : beneath;
      L.geoJSON(outlines[name], { style: QUIET[name], interactive: false, renderer: renderer }).addTo(map);
    });
  }

  // --- Panel ------------------------------------------------------------------------------------------------------

  function swatch(declared, color, parent) {
    var kind = { MultiPolygon: "area", MultiLineString: "line", Point: "point" }[declared.geometry];
    var element = make("span", "swatch " + kind + (declared.paint.dashed ? " dashed" : ""), parent);
    element.style.setProperty("--color", color);
    element.style.setProperty("--opacity", declared.paint.opacity);
    element.style.setProperty("--outline", declared.paint.outline || "transparent");
  }

  function entry(declared, words, color, count, code, list) {
    var item = make("li", "", list);
    swatch(declared, color, item);
    both(words, "span", "name", item);
    if (code) make("code", "", item, code);
    make("span", "count", item, count);
  }

  // One number for a map, two for the sides of a divided one.
  function counted(counts) { return counts.map(number).join(" → "); }

  function countOf(declared, code) {
    var found = declared.codes.filter(function (other) { return other.code === code.code; });
    return found.length ? found[0].count : 0;
  }

  function entries(sides, parent) {
    var list = make("ul", sides.length > 1 ? "pairs" : "", parent);
    var codes = {};
    sides.forEach(function (declared) { declared.codes.forEach(function (code) { codes[code.rank] = code; }); });
    Object.keys(codes).map(Number).sort(function (a, b) { return a - b; }).forEach(function (rank) {
      var code = codes[rank];
      var counts = counted(sides.map(function (declared) { return countOf(declared, code); }));
      entry(sides[0], code.title, code.color || sides[0].paint.color, counts, /[a-z]/.test(code.code) ? "" : code.code, list);
    });
    var others = sides.map(function (declared) { return declared.others; });
    if (Math.max.apply(null, others)) entry(sides[0], ["Chưa phân loại", "Not classified"], sides[0].paint.color, counted(others), "", list);
  }

  // A layer of the legend, which is taken off and put back on all sides at once.
  function section(map, group, every, parent) {
    var sides = group.map(function (painted) { return painted.declared; });
    var declared = sides[0];
    var part = make("section", "", parent);
    var label = make("label", "", part);
    var box = make("input", "", label);
    box.type = "checkbox";
    box.checked = true;
    // A layer of one colour is its own legend.
    if (declared.by === null) swatch(declared, declared.paint.color, label);
    both(declared.title, "span", "title", label);
    if (declared.by === null) make("span", "count", label, counted(sides.map(function (side) { return side.shown; })));
    if (sides.some(function (side) { return side.shown < side.total; })) {
      var counts = sides.map(function (side) { return number(side.shown) + " / " + number(side.total); }).join(" → ");
      both([counts + " đối tượng được hiển thị, gần tâm nhất", counts + " features shown, nearest to the middle"], "p", "notice", part);
    }
    if (declared.by !== null) entries(sides, part);
    group.forEach(function (painted) {
      if (!painted.eachLayer) painted.once("tileerror", function () {
        both(["Không nhận được ô bản đồ từ dịch vụ; hãy chạy: make run", "No tiles from the service; start it: make run"], "p", "notice", part);
      });
    });
    box.addEventListener("change", function () {
      part.classList.toggle("off", !box.checked);
      group.forEach(function (painted) {
        if (box.checked) map.addLayer(painted);
        else map.removeLayer(painted);
      });
      // What is added again would lie on top: put all in their order.
      every.forEach(function (other) { if (map.hasLayer(other)) other.bringToFront(); });
    });
  }

  function attribution(said) {
    if (!said.sources.length) return "";
    var line = make("span", "", null, "Nguồn · Source: " + said.sources.join(", ") + (said.sample ? " (dữ liệu mẫu · generated sample)" : ""));
    return line.innerHTML;
  }

  // `groups` are the layers of the legend, each with what is painted of it: once, or once on each side.
  function panel(map, said, groups, around) {
    var layers = groups.reduce(function (all, group) { return all.concat(group); }, []);
    first = said.language === "en" ? 1 : 0;
    var element = make("details", "quyhoach", map.getContainer());
    element.open = window.innerWidth > 760;
    var summary = make("summary", "", element);
    both(said.title || ["Bản đồ quy hoạch", "Planning map"], "h1", "", summary);
    both(said.horizon, "p", "horizon", summary);
    var body = make("div", "body", element);
    groups.slice().reverse().forEach(function (group) { section(map, group, layers, body); });
    var foot = make("footer", "", body);
    if (said.sources.length) both(["Nguồn: " + said.sources.join(", "), "Source: " + said.sources.join(", ")], "p", "source", foot);
    (said.cited || []).forEach(function (title) { both(title, "p", "source", foot); });
    if (said.hash) make("code", "", both(["Mã kiểm chứng", "Hash"], "p", "source hash", foot), said.hash);
    if (said.sample) {
      both(["Dữ liệu mẫu do máy tạo, không có giá trị pháp lý", "Generated sample data, of no legal value"], "p", "notice", foot);
    }
    L.DomEvent.disableClickPropagation(element);
    L.DomEvent.disableScrollPropagation(element);
    L.control.scale({ imperial: false, maxWidth: 120, position: "bottomright" }).addTo(map);
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution(attribution(said));
    var wide = window.innerWidth > 760;
    map.fitBounds(around, { paddingTopLeft: [wide ? element.offsetWidth + 28 : 10, 10], paddingBottomRight: [10, wide ? 10 : 90], animate: false });
    map.setMinZoom(Math.max(0, map.getZoom() - 3));
    var arrange = function () { layers.forEach(function (painted) { makeRoom(map, painted); }); };
    map.on("zoomend", arrange);
    arrange();
    return element;
  }

  return { layer: layer, context: context, panel: panel, card: card, make: make, both: both };
})();
