// Layers that are fetched for what the map shows, and what is said of a feature when its popup opens.
"use strict";

(function () {
  var element = Dateline.element;
  // Wait this long after the map stopped moving before asking for features, and before saying so (milliseconds).
  var REST = 200;
  var PATIENCE = 500;

  /** Keep a layer's features those of the view while it is shown. Answers are GeoJSON as `view_data` makes it. */
  Dateline.fetchWhileShown = function (map, group) {
    var timer, request;
    function ask() {
      if (!map.hasLayer(group)) return;
      if (request) request.abort();
      request = new AbortController();
      var busy = setTimeout(function () { say(map, group, "Loading " + group.spec.title.toLowerCase() + "…"); }, PATIENCE);
      Dateline.fetchJson(viewUrl(map, group.spec.url), request.signal)
        .then(function (data) {
          clearTimeout(busy);
          update(group, data);
          say(map, group, data.notice || "");
          map.fire("dateline:data", { group: group });
        })
        .catch(function (error) {
          clearTimeout(busy);
          if (error.name === "AbortError") return;
          say(map, group, group.spec.title + " could not be loaded. Move the map to try again.");
          map.fire("dateline:error", { group: group, error: error });
        });
    }
    function askSoon() { clearTimeout(timer); timer = setTimeout(ask, REST); }
    map.on("moveend", askSoon);
    map.on("dateline:stale", ask);
    group.on("add", ask);
    group.on("remove", function () { say(map, group, ""); });
  };

  /** Fetch JSON of this site. */
  Dateline.fetchJson = function (url, signal) {
    return fetch(url, { signal: signal, credentials: "same-origin" }).then(function (response) {
      if (!response.ok) throw new Error("HTTP status " + response.status);
      return response.json();
    });
  };

  function viewUrl(map, url) {
    var b = map.getBounds().pad(0.25);
    var bbox = [clamp(b.getWest(), 180), clamp(b.getSouth(), 90), clamp(b.getEast(), 180), clamp(b.getNorth(), 90)];
    return url + (url.indexOf("?") < 0 ? "?" : "&") + "bbox=" + bbox.join(",") + "&zoom=" + Math.floor(map.getZoom());
  }

  function clamp(degrees, limit) {
    return Math.max(-limit, Math.min(limit, degrees)).toFixed(4);
  }

  /** Show the features of an answer; those that stay as they were keep their popup. */
  function update(group, data) {
    var spec = group.spec;
    var rescaled = data.shrink !== undefined && data.shrink !== spec.shrink;
    ["symbols", "legend", "shrink"].forEach(function (name) { if (data[name] !== undefined) spec[name] = data[name]; });
    var kept = {};
    data.features.forEach(function (feature) {
      var key = Dateline.key(spec, feature);
      var text = JSON.stringify(feature);
      var layer = group.byId[key];
      if (layer && layer.text === text) {
        if (rescaled && layer.setRadius) layer.setRadius(Dateline.radius(spec, feature.properties));
      } else if (layer && layer.setRadius && layer.isPopupOpen()) {
        // Who reads what it says goes on reading; when it is opened again it says the new.
        layer.feature = feature;
        layer.text = text;
        layer.setRadius(Dateline.radius(spec, feature.properties));
      } else {
        if (layer) group.removeLayer(layer);
        delete group.byId[key];
        group.addData(feature);
        if (group.byId[key]) group.byId[key].text = text;
      }
      kept[key] = true;
    });
    Object.keys(group.byId).forEach(function (key) {
      if (kept[key]) return;
      group.removeLayer(group.byId[key]);
      delete group.byId[key];
    });
  }

  /** One line at the top of the map tells what is awaited, missing or cut. */
  function say(map, group, text) {
    var told = map.dateline.told || (map.dateline.told = {});
    told[group.spec.name] = text;
    var box = map.getContainer().querySelector(".dl-status");
    if (!box) {
      box = element("p", "dl-status");
      box.setAttribute("role", "status");
      map.getContainer().append(box);
    }
    box.textContent = Object.keys(told).map(function (name) { return told[name]; }).filter(Boolean).join(" ");
  }

  /** Fetch what is said of a place and put it into its open popup. */
  Dateline.fetchDetails = function (map, layer, content) {
    var spec = layer.group.spec, properties = layer.feature.properties;
    var wait = element("p", "dl-wait", "Loading what the articles say…");
    wait.setAttribute("role", "status");
    content.append(wait);
    Dateline.fetchJson(spec.details.replace("{id}", encodeURIComponent(properties.id)))
      .then(function (told) {
        Object.keys(told).forEach(function (name) { if (told[name] !== null) properties[name] = told[name]; });
        properties.quotes = told.quotes || [];
        var whole = Dateline.popup(spec, properties, map.dateline.options);
        content.replaceChildren.apply(content, Array.from(whole.childNodes));
      })
      .catch(function () { wait.textContent = "What the articles say could not be loaded."; })
      .finally(function () { if (layer.isPopupOpen()) layer.getPopup().update(); });
  };

  /** A button that moves the map closer to a feature which stands for several places. */
  Dateline.zoomIn = function (map, layer) {
    var button = element("button", "dl-zoom", "Zoom in");
    button.type = "button";
    button.addEventListener("click", function () {
      map.closePopup();
      map.setView(layer.getLatLng(), Math.min(map.getZoom() + 2, map.getMaxZoom()), { animate: false });
    });
    return button;
  };
})();
