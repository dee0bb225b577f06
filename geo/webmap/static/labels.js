// Labels: the names of countries, towns, places and zones, each only where it covers no other.
"use strict";

(function () {
  var MOST = 160;
  var GAP = 3;
  // From which zoom a rank is shown, for each class of the base map.
  var FIRST_ZOOM = { country: [0, 2, 3, 4, 5, 5.5], town: [0, 3, 4.5, 5.5, 7, 8.5, 9.5] };
  // Countries' names give way when one has zoomed into them.
  var LAST_ZOOM = { country: 7 };

  /** Keep the labels of the base map and of the layers shown in order. */
  Dateline.labels = function (map) {
    var pane = map.getPane("labels");
    var fixed = baseLabels(map);
    var pending = 0;
    function draw() {
      pending = 0;
      var wanted = layerLabels(map).concat(fixed).filter(function (label) { return isDue(map, label); });
      wanted.sort(function (a, b) { return a.priority - b.priority || (a.text < b.text ? -1 : 1); });
      pane.replaceChildren.apply(pane, place(map, pane, wanted));
    }
    function schedule() { if (!pending) pending = requestAnimationFrame(draw); }
    map.on("zoomstart", function () { pane.style.visibility = "hidden"; });
    map.getContainer().addEventListener("toggle", schedule, true);
    map.on("zoomend moveend resize layeradd layerremove dateline:data", function () {
      pane.style.visibility = "";
      schedule();
    });
    schedule();
  };

  /** Labels of the base map, from rows of longitude, latitude, name, rank, symbol and id. */
  function baseLabels(map) {
    var labels = [];
    map.dateline.base.forEach(function (layer) {
      var kind = layer.name === "towns" ? "town" : "country";
      (layer.points || []).forEach(function (row) {
        labels.push({
          at: L.latLng(row[1], row[0]),
          text: row[2],
          id: row[5],
          kind: kind,
          className: "dl-label-" + row[4],
          dot: kind === "town" ? layer.symbols[row[4]] : null,
          from: FIRST_ZOOM[kind][row[3]] || 0,
          to: LAST_ZOOM[kind] || Infinity,
          priority: (kind === "country" ? 2000 : 3000) + row[3] * 100,
        });
      });
    });
    return labels;
  }

  /** Labels of layers that are shown: of points at their circle, of areas at the point named in `spec.labels`. */
  function layerLabels(map) {
    var labels = [];
    map.dateline.layers.forEach(function (group) {
      var spec = group.spec;
      if (!spec.label || !map.hasLayer(group)) return;
      (spec.labels || []).forEach(function (label) {
        labels.push({
          at: L.latLng(label[1], label[0]), text: label[2], colour: label[3], className: "dl-label-" + spec.name,
          from: spec.labelsFrom, to: Infinity, priority: spec.labelPriority, centred: true,
          room: spec.labelsFit ? label[4] : Infinity,
        });
      });
      group.eachLayer(function (layer) {
        if (!layer.getLatLng || !layer.feature.properties[spec.label]) return;
        labels.push({
          at: layer.getLatLng(), text: layer.feature.properties[spec.label], id: layer.feature.properties.id, className: "dl-label-" + spec.name,
          radius: layer.getRadius(), from: spec.labelsFrom, to: Infinity,
          priority: spec.labelPriority + 100 - Math.min(layer.getRadius(), 99),
        });
      });
    });
    return labels;
  }

  function isDue(map, label) {
    var zoom = map.getZoom();
    return zoom >= label.from && zoom <= label.to;
  }

  /** Return elements for the labels that find room, the most important first. */
  function place(map, pane, labels) {
    var taken = circles(map).concat(panels(map));
    var shown = [];
    var made = [];
    var view = map.getPixelBounds();
    var origin = map.getPixelOrigin();
    var frame = { left: view.min.x - origin.x, top: view.min.y - origin.y, right: view.max.x - origin.x, bottom: view.max.y - origin.y };
    var pixelsPerDegree = map.project([0, 1]).x - map.project([0, 0]).x;
    for (var i = 0; i < labels.length && made.length < MOST; i++) {
      var label = labels[i];
      var point = map.project(label.at);
      if (!view.contains(point)) continue;
      point = point.subtract(origin).round();
      if (isRepeated(shown, label, point)) continue;
      var spot = label.dot ? around(point, label.dot.radius) : null;
      if (spot && isTaken(spot, taken)) continue;
      var size = measure(pane, label);
      if (label.room * pixelsPerDegree < size.width) continue;
      var box = firstFree(label, point, size, taken, frame);
      if (!box) continue;
      taken.push(box);
      shown.push({ id: label.id, text: label.text.toLowerCase(), point: point, kind: label.kind });
      made.push(draw(label, box));
      if (spot) {
        taken.push(spot);
        made.push(dot(label.dot, point));
      }
    }
    return made;
  }

  /** Circles of the layers shown are obstacles: a name must not hide a neighbour. */
  function circles(map) {
    var boxes = [];
    map.dateline.layers.forEach(function (group) {
      if (map.hasLayer(group)) group.eachLayer(function (layer) {
        if (layer.getLatLng) boxes.push(around(map.latLngToLayerPoint(layer.getLatLng()), layer.getRadius()));
      });
    });
    return boxes;
  }

  function around(point, radius) {
    return { left: point.x - radius, top: point.y - radius, right: point.x + radius, bottom: point.y + radius };
  }

  /** The control panels are obstacles too. */
  function panels(map) {
    var frame = map.getContainer().getBoundingClientRect();
    var corner = map.containerPointToLayerPoint([0, 0]);
    return Array.prototype.map.call(map.getContainer().querySelectorAll(".leaflet-control"), function (panel) {
      var box = panel.getBoundingClientRect();
      var left = box.left - frame.left + corner.x, top = box.top - frame.top + corner.y;
      return { left: left, top: top, right: left + box.width, bottom: top + box.height };
    });
  }

  /** What is both on the base map and in a layer is named once: a town by its id, a country by its name. */
  function isRepeated(shown, label, point) {
    return shown.some(function (other) {
      if (label.id && label.id === other.id) return true;
      return label.text.toLowerCase() === other.text && (label.kind === "country" || other.point.distanceTo(point) < 60);
    });
  }

  var measured = {};
  function measure(pane, label) {
    var key = label.className + "|" + label.text;
    if (!measured[key]) {
      var probe = draw(label, { left: 0, top: 0 });
      pane.appendChild(probe);
      measured[key] = { width: probe.offsetWidth, height: probe.offsetHeight };
      probe.remove();
    }
    return measured[key];
  }

  /** Try the places where a cartographer puts a name: right, left, above, below, then the corners. */
  function firstFree(label, point, size, taken, frame) {
    var away = label.radius || (label.dot ? label.dot.radius : 0);
    var w = size.width, h = size.height, d = away + GAP, c = 0.7 * away + GAP;
    var tries = label.centred ? centred(w, h) : !away ? [[-w / 2, -h / 2]] : [
      [d, -h / 2], [-d - w, -h / 2], [-w / 2, -d - h], [-w / 2, d], [c, -c - h], [c, c], [-c - w, -c - h], [-c - w, c],
    ];
    for (var i = 0; i < tries.length; i++) {
      var left = point.x + tries[i][0], top = point.y + tries[i][1];
      var box = { left: left, top: top, right: left + w, bottom: top + h };
      if (isInside(box, frame) && !isTaken(box, taken)) return box;
    }
    return null;
  }

  /** An area's name goes to its middle, else beside it: a little up or down, then out to the sides. */
  function centred(w, h) {
    return [[0, 0], [0, -1], [0, 1], [0, -1.8], [0, 1.8], [0.7, 0], [-0.7, 0], [0.7, 1], [-0.7, 1], [0.7, -1], [-0.7, -1]]
      .map(function (shift) { return [-w / 2 + shift[0] * w, -h / 2 + shift[1] * h]; });
  }

  /** A name cut off by the map's edge cannot be read. */
  function isInside(box, frame) {
    return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
  }

  function isTaken(box, taken) {
    return taken.some(function (other) { return overlap(box, other); });
  }

  function overlap(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  function draw(label, box) {
    var made = Dateline.element("div", "dl-label " + label.className, label.text);
    made.dir = "auto";
    made.style.left = Math.round(box.left) + "px";
    made.style.top = Math.round(box.top) + "px";
    if (label.colour) made.style.setProperty("--dl-hue", label.colour);
    return made;
  }

  function dot(symbol, point) {
    var made = Dateline.element("div", "dl-dot");
    var size = 2 * symbol.radius;
    made.style.cssText = "left:" + (point.x - symbol.radius) + "px;top:" + (point.y - symbol.radius) + "px;width:" +
      size + "px;height:" + size + "px;background:" + symbol.fill;
    return made;
  }
})();
