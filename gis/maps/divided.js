// Divides a map between two sights of the city: a line to be drawn with the mouse, a finger, or the keys.

quyhoach.divide = (function () {
  "use strict";

  var STEP = 0.02;
  var LEAP = 0.1;
  var KEYS = { ArrowLeft: -STEP, ArrowDown: -STEP, PageDown: -LEAP, Home: -1, ArrowRight: STEP, ArrowUp: STEP, PageUp: LEAP, End: 1 };

  function panes(map, side) { return map.getContainer().querySelectorAll(".side-" + side); }

  // Panes have no size of their own and move with the map: they are cut in their own coordinates.
  function cut(map, share) {
    var size = map.getSize();
    var from = map.containerPointToLayerPoint([0, 0]);
    var to = map.containerPointToLayerPoint(size);
    var at = from.x + Math.round(size.x * share);
    var box = function (west, east) {
      return "polygon(" + [[west, from.y], [east, from.y], [east, to.y], [west, to.y]].map(function (corner) {
        return corner[0] + "px " + corner[1] + "px";
      }).join(",") + ")";
    };
    panes(map, "former").forEach(function (pane) { pane.style.clipPath = box(from.x, at); });
    panes(map, "latter").forEach(function (pane) { pane.style.clipPath = box(at, to.x); });
  }

  function handle(names, parent) {
    var line = quyhoach.make("div", "divider", parent);
    quyhoach.both(names[0], "p", "sight former", line);
    quyhoach.both(names[1], "p", "sight latter", line);
    var grip = quyhoach.make("div", "grip", line);
    grip.tabIndex = 0;
    grip.setAttribute("role", "slider");
    grip.setAttribute("aria-label", names[0][0] + " | " + names[1][0] + " · " + names[0][1] + " | " + names[1][1]);
    grip.setAttribute("aria-valuemin", "0");
    grip.setAttribute("aria-valuemax", "100");
    return { line: line, grip: grip };
  }

  return function (map, names, panel) {
    var container = map.getContainer();
    var parts = handle(names, container);
    var width = container.clientWidth;
    var covered = width > 760 ? panel.offsetLeft + panel.offsetWidth : 0;
    var share = (covered + width) / 2 / width;

    function put(wanted) {
      share = Math.max(0, Math.min(1, wanted));
      parts.line.style.left = 100 * share + "%";
      parts.grip.setAttribute("aria-valuenow", String(Math.round(100 * share)));
      cut(map, share);
    }

    function follow(event) { put((event.clientX - container.getBoundingClientRect().left) / container.clientWidth); }

    L.DomEvent.disableClickPropagation(parts.line);
    parts.line.addEventListener("pointerdown", function (event) {
      event.preventDefault();
      parts.grip.focus({ preventScroll: true });
      parts.line.setPointerCapture(event.pointerId);
      parts.line.addEventListener("pointermove", follow);
    });
    parts.line.addEventListener("lostpointercapture", function () { parts.line.removeEventListener("pointermove", follow); });
    parts.grip.addEventListener("keydown", function (event) {
      if (!(event.key in KEYS)) return;
      event.preventDefault();
      event.stopPropagation();
      put(share + KEYS[event.key]);
    });
    map.on("move zoomend viewreset resize", function () { cut(map, share); });
    put(share);
  };
})();
