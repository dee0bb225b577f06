// The map and its layers. Leaflet's `L` is there before this runs; nothing here knows what a layer is about:
// `geo.webmap` describes each one (symbols, title property, popup rows) and hands it over as JSON.
"use strict";
var Dateline = {};

(function () {
  // Stacking order of the panes. Leaflet's own: tiles 200, tooltips 650, popups 700.
  var PANES = { base: 150, areas: 410, footprints: 420, zones: 430, points: 450, labels: 640 };
  var SMALLEST_RADIUS = 2.5;
  var HATCH_SPACING = 7;
  var HATCH_WIDTH = 1.3;
  // Maps at least this wide have their legend and layers unfolded; they take up so much (CSS pixels).
  Dateline.WIDE = 700;
  var PANEL = 250;
  // Below this zoom a continent is in view, and the base map's lines are thinner.
  var FAR_BELOW = 5;
  var FAR_WEIGHT = 0.6;

  /** Make an HTML element; children that are not elements become its text, empty ones are left out. */
  Dateline.element = function (tag, className) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    Array.prototype.slice.call(arguments, 2).forEach(function (child) {
      if (child !== null && child !== undefined && child !== "") made.append(child);
    });
    return made;
  };

  /** Make an SVG element with attributes. */
  Dateline.svg = function (tag, attributes) {
    var made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    return made;
  };

  /** Make the map. Options: bounds (first view), all (bounds of all data), minZoom, maxZoom, articleUrl, articles, … */
  Dateline.map = function (id, options) {
    var map = L.map(id, {
      minZoom: 0,
      maxZoom: options.maxZoom,
      maxBounds: [[-86, -360], [86, 360]],
      maxBoundsViscosity: 1,
      zoomSnap: 0.5,
      zoomControl: false,
      attributionControl: false,
    });
    map.dateline = { options: options, layers: [], base: [] };
    Object.keys(PANES).forEach(function (name) {
      map.createPane(name).style.zIndex = PANES[name];
    });
    map.getPane("base").style.pointerEvents = "none";
    map.getPane("labels").style.pointerEvents = "none";
    // A narrow map must zoom out further to show everything.
    map.setMinZoom(Math.min(options.minZoom, map.getBoundsZoom(options.all || options.bounds)));
    Dateline.fit(map, options.bounds);
    // On a narrow map a popup needs the room of the buttons above it.
    map.on("popupopen popupclose", function (event) {
      map.getContainer().classList.toggle("dl-reading", event.type === "popupopen" && map.getSize().x < Dateline.WIDE);
    });
    return map;
  };

  /** Fit the view to bounds, beside the legend where there is room for both. */
  Dateline.fit = function (map, bounds) {
    var panel = map.getSize().x >= Dateline.WIDE ? PANEL : 12;
    map.fitBounds(bounds, { animate: false, paddingTopLeft: [12, 12], paddingBottomRight: [panel, 24] });
  };

  /** Draw the base map. Each layer has name, symbols and data (GeoJSON) or points, which are left to the labels. */
  Dateline.base = function (map, layers) {
    var renderer = L.canvas({ pane: "base", padding: 0.5 });
    var far = isFar(map);
    function style(layer) {
      return function (feature) {
        var options = pathOptions(layer.symbols[feature.properties.symbol]);
        return far ? Object.assign(options, { weight: FAR_WEIGHT * options.weight }) : options;
      };
    }
    var groups = layers.map(function (layer) {
      return L.geoJSON(layer.data || null, {
        pane: "base",
        renderer: renderer,
        interactive: false,
        style: style(layer),
      }).addTo(map);
    });
    map.on("zoomend", function () {
      if (far === isFar(map)) return;
      far = !far;
      groups.forEach(function (group, position) { group.setStyle(style(layers[position])); });
    });
    map.dateline.base = layers;
  };

  function isFar(map) { return map.getZoom() < FAR_BELOW; }

  /** Make a layer of its description. Its features come with it (`data`) or, where it has a `url`, by bbox. */
  Dateline.layer = function (map, spec) {
    var group = L.geoJSON(null, {
      pane: spec.pane,
      filter: function (feature) { return Boolean(feature.geometry) && spec.symbols[feature.properties.symbol]; },
      pointToLayer: function (feature, latlng) {
        return L.circleMarker(latlng, { pane: spec.pane, radius: Dateline.radius(spec, feature.properties) });
      },
      style: function (feature) { return pathOptions(spec.symbols[feature.properties.symbol]); },
      onEachFeature: function (feature, layer) { describe(map, spec, group, feature, layer); },
    });
    group.spec = spec;
    group.byId = {};
    map.dateline.layers.push(group);
    if (spec.data) group.addData(spec.data);
    if (spec.url) Dateline.fetchWhileShown(map, group);
    return group;
  };

  /** Show a feature by its key ("places/geonames:1"): move there, switch its layer on, open its popup. */
  Dateline.show = function (map, key) {
    var layer = map.dateline.layers.map(function (group) { return group.byId[key]; }).find(Boolean);
    if (!layer) return false;
    if (!map.hasLayer(layer.group)) map.addLayer(layer.group);
    if (layer.getBounds) {
      map.fitBounds(layer.getBounds(), { maxZoom: 10, padding: [40, 40], animate: false });
    } else {
      map.setView(layer.getLatLng(), zoomTo(map, layer), { animate: false });
    }
    layer.openPopup();
    return true;
  };

  /** A town among its neighbours, a country as far as its point stands for it; heaps would come apart no further. */
  function zoomTo(map, layer) {
    var among = Math.max(map.getZoom(), 7);
    var accuracy = Number(layer.feature.properties.accuracy_m) || 0;
    var heaped = Object.keys(layer.group.byId).some(function (key) { return key.indexOf("/cell:") > 0; });
    return heaped || !accuracy ? among : Math.min(among, map.getBoundsZoom(layer.getLatLng().toBounds(2 * accuracy)));
  }

  /** The key by which a feature is known outside the map. */
  Dateline.key = function (spec, feature) {
    return spec.name + "/" + (feature.properties.id === undefined ? feature.id : feature.properties.id);
  };

  function describe(map, spec, group, feature, layer) {
    layer.group = group;
    group.byId[Dateline.key(spec, feature)] = layer;
    var size = map.getSize(), wide = size.x >= Dateline.WIDE;
    layer.bindPopup(function () { return popupOf(map, spec, layer); }, {
      minWidth: 220, maxWidth: Math.min(340, window.innerWidth - 60),
      maxHeight: wide ? 320 : Math.max(120, Math.min(320, size.y - 120)),
      // Beside the controls, which lie above popups.
      autoPanPaddingTopLeft: wide ? [56, 16] : [16, 16],
      autoPanPaddingBottomRight: wide ? [PANEL + 16, 16] : [16, 56],
    });
    layer.bindTooltip(function () { return Dateline.element("span", "", feature.properties[spec.popup.title]); }, {
      sticky: !layer.getLatLng, direction: "top", opacity: 1,
    });
  }

  /** A feature's popup; where what is said of it is fetched, the popup grows when that arrives. */
  function popupOf(map, spec, layer) {
    var properties = layer.feature.properties;
    var content = Dateline.popup(spec, properties, map.dateline.options);
    if (properties.zoom !== undefined) content.append(Dateline.zoomIn(map, layer));
    if (spec.details && !properties.quotes && properties.zoom === undefined) Dateline.fetchDetails(map, layer, content);
    return content;
  }

  /** Area of a circle stands for the count, as in `Layer.radii`. */
  Dateline.radius = function (spec, properties) {
    var symbol = spec.symbols[properties.symbol];
    var count = spec.size ? Math.max(Number(properties[spec.size]) || 1, 1) : 1;
    return Math.max(symbol.radius * Math.sqrt(count) * spec.shrink, SMALLEST_RADIUS);
  };

  function pathOptions(symbol) {
    return {
      stroke: Boolean(symbol.stroke),
      color: symbol.stroke,
      weight: symbol.width,
      dashArray: symbol.dash && symbol.dash.length ? symbol.dash.join(" ") : null,
      lineCap: symbol.dash && symbol.dash[0] <= 1 ? "round" : "butt",
      fill: Boolean(symbol.fill),
      fillColor: symbol.hatch ? "url(#" + Dateline.hatch(symbol.fill) + ")" : symbol.fill,
      fillOpacity: symbol.fill_opacity,
    };
  }

  /** Return the id of the hatching of a colour; it is added to the page when first used. */
  Dateline.hatch = function (colour) {
    var id = "dl-hatch-" + colour.slice(1);
    if (!document.getElementById(id)) {
      var pattern = Dateline.svg("pattern", {
        id: id, width: HATCH_SPACING, height: HATCH_SPACING, patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)",
      });
      // In the middle of the tile, which cuts off what reaches beyond it.
      pattern.appendChild(Dateline.svg("line", {
        x1: HATCH_SPACING / 2, y1: 0, x2: HATCH_SPACING / 2, y2: HATCH_SPACING,
        stroke: colour, "stroke-width": HATCH_WIDTH,
      }));
      hatches().appendChild(pattern);
    }
    return id;
  };

  function hatches() {
    var found = document.getElementById("dl-hatches");
    if (found) return found;
    var svg = Dateline.svg("svg", { id: "dl-hatches", width: 0, height: 0, "aria-hidden": "true" });
    svg.style.position = "absolute";
    return document.body.appendChild(svg);
  }
})();

// Folium's own popups make an element of markup with jQuery's $; of jQuery that is all they need.
if (!window.$) {
  window.$ = function (markup) {
    var holder = document.createElement("template");
    holder.innerHTML = markup.trim();
    return [holder.content.firstElementChild];
  };
}
