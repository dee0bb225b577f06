// Searching in a part of the map: what it shows, a circle or a polygon drawn on it. The search form takes it along.
"use strict";

(function () {
  var map = window.map_dateline;
  var form = document.querySelector("form.search");
  if (!map || !form || !form.querySelector("[data-draw]")) return;

  var LOOK = { color: "#d55e00", weight: 2, dashArray: "2 5", fill: true, fillOpacity: 0.06, interactive: false };
  var LARGEST_KM = 5000;
  var HINTS = {
    circle: "Click the middle of the circle, then a point on its edge.",
    polygon: "Click the corners of the area, then Finish.",
  };
  var drawing = null;

  /** Search with one more condition, in place of any other part of the map. */
  function search(name, value) {
    ["near", "within", "bbox"].forEach(function (other) {
      form.querySelectorAll("input[name=" + other + "]").forEach(function (field) { field.remove(); });
    });
    var field = Dateline.element("input", "");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
    form.requestSubmit();
  }

  function inView() {
    var b = map.getBounds();
    function within(degrees, limit) { return Math.max(-limit, Math.min(limit, degrees)).toFixed(4); }
    search("bbox", [within(b.getWest(), 180), within(b.getSouth(), 90), within(b.getEast(), 180), within(b.getNorth(), 90)].join(","));
  }

  function begin(shape) {
    end();
    form.querySelector("details.filters").open = false;
    map.closePopup();
    map.doubleClickZoom.disable();
    map.getContainer().classList.add("drawing");
    drawing = { shape: shape, points: [], line: null, bar: bar(shape) };
    map.getContainer().append(drawing.bar);
    map.getContainer().scrollIntoView({ block: "nearest" });
    drawing.bar.querySelector("button").focus({ preventScroll: true });
  }

  function end() {
    if (!drawing) return;
    if (drawing.line) drawing.line.remove();
    drawing.bar.remove();
    drawing = null;
    map.doubleClickZoom.enable();
    map.getContainer().classList.remove("drawing");
  }

  /** What to do next, and a way out. */
  function bar(shape) {
    var hint = Dateline.element("span", "", HINTS[shape]);
    hint.setAttribute("role", "status");
    var made = Dateline.element("p", "draw-bar", hint,
      shape === "polygon" ? button("Finish", finish) : null, button("Cancel", end));
    L.DomEvent.disableClickPropagation(made);
    return made;
  }

  function button(text, act) {
    var made = Dateline.element("button", "", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function add(event) {
    if (!drawing) return;
    drawing.points.push(event.latlng);
    if (drawing.shape === "circle" && drawing.points.length === 2) return finish();
    preview(event);
  }

  function preview(event) {
    if (!drawing || !drawing.points.length) return;
    var points = drawing.points;
    if (drawing.line) drawing.line.remove();
    drawing.line = drawing.shape === "circle"
      ? L.circle(points[0], Object.assign({ radius: map.distance(points[0], event.latlng) }, LOOK))
      : L.polygon(points.concat([event.latlng]), LOOK);
    drawing.line.addTo(map);
  }

  function finish() {
    var points = drawing.points;
    if (drawing.shape === "circle") {
      var middle = points[0].wrap();
      var km = Math.min(map.distance(points[0], points[1]) / 1000, LARGEST_KM);
      if (km > 0) search("near", [middle.lng.toFixed(4), middle.lat.toFixed(4), Number(km.toPrecision(3))].join(","));
    } else if (points.length > 2) {
      // A copy of the world beside the first is the same world.
      var shift = 360 * Math.round(L.polygon(points).getBounds().getCenter().lng / 360);
      var corners = points.concat([points[0]]).map(function (point) {
        return (point.lng - shift).toFixed(4) + " " + point.lat.toFixed(4);
      });
      search("within", "POLYGON((" + corners.join(", ") + "))");
    } else {
      return;
    }
    end();
  }

  /** The part of the map that is searched in is outlined. */
  function outline(area) {
    JSON.parse(area).forEach(function (given) {
      var shape = given.km
        ? L.circle([given.lat, given.lon], Object.assign({ radius: given.km * 1000 }, LOOK))
        : L.geoJSON(given, { style: LOOK, interactive: false });
      shape.addTo(map);
    });
  }

  form.querySelectorAll("[data-draw]").forEach(function (button) {
    button.addEventListener("click", function () {
      if (button.dataset.draw === "view") inView(); else begin(button.dataset.draw);
    });
  });
  map.on("click", add);
  map.on("mousemove", preview);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") end(); });
  if (form.dataset.area) outline(form.dataset.area);
})();
