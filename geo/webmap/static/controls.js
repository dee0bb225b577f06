// Controls: which layers are shown, what their symbols mean, buttons, and links from outside the map.
"use strict";

(function () {
  var element = Dateline.element;
  // Height of the legend's list, and of everything around it that is not the layer control (CSS pixels).
  var LEAST_LEGEND = 120;
  var LEGEND_FRAME = 110;

  /** Leaflet's layer control with headings between groups. */
  var GroupedLayers = L.Control.Layers.extend({
    _addItem: function (item) {
      var group = item.layer.spec ? item.layer.spec.group : item.layer.options.group;
      if (group && group !== this._group) {
        this._overlaysList.appendChild(element("div", "dl-group", group));
      }
      this._group = group;
      return L.Control.Layers.prototype._addItem.call(this, item);
    },
    _update: function () {
      this._group = null;
      return L.Control.Layers.prototype._update.call(this);
    },
  });

  /** Add all controls. `layers` are { name, layer } from the top of the list down. */
  Dateline.controls = function (map, layers) {
    var wide = map.getSize().x >= Dateline.WIDE;
    L.control.attribution({ prefix: '<a href="https://leafletjs.com" target="_blank" rel="noopener">Leaflet</a>' })
      .addAttribution(map.dateline.options.attribution).addTo(map);
    L.control.zoom().addTo(map);
    if (map.dateline.options.all) viewButtons(map);
    var control = new GroupedLayers({}, {}, { collapsed: !wide, sortLayers: false });
    layers.forEach(function (entry) { control.addOverlay(entry.layer, escaped(entry.name)); });
    control.addTo(map);
    L.control.scale({ maxWidth: wide ? 140 : 90, imperial: false }).addTo(map);
    legend(map, wide).addTo(map);
    listen(map);
  };

  /** Leaflet takes a layer's name as markup. */
  function escaped(text) {
    var holder = document.createElement("span");
    holder.textContent = text;
    return holder.innerHTML;
  }

  function viewButtons(map) {
    var options = map.dateline.options;
    var Buttons = L.Control.extend({
      onAdd: function () {
        var bar = element("div", "leaflet-bar dl-views",
          button("Zoom to the main area", "M3 8V3h5M16 3h5v5M21 16v5h-5M8 21H3v-5", function () { Dateline.fit(map, options.bounds); }),
          button("Show all features", "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
            function () { Dateline.fit(map, options.all); }));
        L.DomEvent.disableClickPropagation(bar);
        return bar;
      },
    });
    new Buttons({ position: "topleft" }).addTo(map);
  }

  function button(label, path, act) {
    var made = element("button", "");
    made.type = "button";
    made.title = label;
    made.setAttribute("aria-label", label);
    var icon = Dateline.svg("svg", { viewBox: "0 0 24 24", width: 16, height: 16, "aria-hidden": "true" });
    icon.appendChild(Dateline.svg("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 2 }));
    made.append(icon);
    made.addEventListener("click", act);
    return made;
  }

  /** The legend shows what the layers now in view mean. */
  function legend(map, open) {
    var body = element("div", "dl-legend-body");
    var box = element("details", "dl-legend leaflet-control", element("summary", "", "Legend"), body);
    box.open = open;
    function fill() {
      var shown = map.dateline.layers.filter(function (group) { return group.spec.legend.length && isInView(map, group); });
      body.replaceChildren.apply(body, shown.map(function (group) { return section(group.spec); }));
      if (shown.some(function (group) { return group.spec.approximate; })) {
        body.append(element("p", "dl-note", map.dateline.options.note));
      }
      body.style.maxHeight = roomBelow(map) + "px";
    }
    map.on("overlayadd overlayremove moveend resize dateline:data", fill);
    fill();
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    var Legend = L.Control.extend({ onAdd: function () { return box; } });
    return new Legend({ position: "bottomright" });
  }

  /** The height that the layer control, where it is unfolded, leaves for the legend. */
  function roomBelow(map) {
    var above = map.getContainer().querySelector(".leaflet-control-layers-expanded");
    return Math.max(LEAST_LEGEND, map.getSize().y - (above ? above.offsetHeight : 0) - LEGEND_FRAME);
  }

  function isInView(map, group) {
    var bounds = group.getBounds();
    return map.hasLayer(group) && bounds.isValid() && map.getBounds().intersects(bounds);
  }

  /** A layer of one symbol is one line: the symbol with the layer's own name. */
  function section(spec) {
    var single = spec.legend.length === 1;
    var list = element("ul", "");
    spec.legend.forEach(function (symbol) {
      list.append(element("li", "", swatch(symbol), element("span", "", single ? spec.title : symbol.label)));
    });
    return element("section", "", single ? null : element("h2", "", spec.title),
      spec.on ? element("p", "dl-as-of", "as of " + Dateline.day(spec.on)) : null, list);
  }

  /** Draw a symbol as the map does: a circle with a radius, a line without fill, an area otherwise. */
  function swatch(symbol) {
    var height = Math.max(16, 2 * (symbol.radius || 0) + 4);
    var width = Math.max(30, height);
    var box = Dateline.svg("svg", { width: width, height: height, "aria-hidden": "true" });
    var paint = {
      fill: symbol.hatch ? "url(#" + Dateline.hatch(symbol.fill) + ")" : symbol.fill || "none",
      "fill-opacity": symbol.fill_opacity,
      stroke: symbol.stroke || "none",
      "stroke-width": symbol.width,
      "stroke-dasharray": symbol.dash ? symbol.dash.join(" ") : "",
      "stroke-linecap": symbol.dash && symbol.dash[0] <= 1 ? "round" : "butt",
    };
    var shape = symbol.radius
      ? { tag: "circle", cx: width / 2, cy: height / 2, r: symbol.radius }
      : { tag: "rect", x: 2, y: 2, width: 26, height: height - 4 };
    var tag = shape.tag;
    delete shape.tag;
    box.appendChild(Dateline.svg(tag, Object.assign(shape, paint)));
    return box;
  }

  /** Elements with data-feature, and addresses ending in #feature=…, show that feature. */
  function listen(map) {
    var opener = null;
    document.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest("[data-feature]");
      if (!link || !Dateline.show(map, link.dataset.feature)) return;
      event.preventDefault();
      opener = link;
      map.getContainer().scrollIntoView({ block: "nearest" });
      focusPopup(map);
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !map.getPane("popupPane").firstChild) return;
      map.closePopup();
      if (opener) opener.focus();
      opener = null;
    });
    window.addEventListener("hashchange", function () { follow(map); });
    follow(map);
    // Layers that are fetched are not there yet.
    map.once("dateline:data", function () { follow(map); });
  }

  /** Who opened a popup from a list goes on reading there; Escape leads back. */
  function focusPopup(map) {
    var popup = map.getPane("popupPane").querySelector(".dl-popup");
    if (!popup) return;
    popup.tabIndex = -1;
    popup.focus({ preventScroll: true });
  }

  function follow(map) {
    var match = /^#feature=(.+)$/.exec(location.hash);
    if (match) Dateline.show(map, decoded(match[1]));
  }

  function decoded(text) {
    try { return decodeURIComponent(text); } catch (error) { return text; }
  }
})();
