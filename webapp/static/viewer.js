// The lists beside the map, the day of the zones, and an article's mentions. The map itself is geo/webmap's.
"use strict";

(function () {
  document.documentElement.classList.add("js");
  var map = window.map_dateline;

  /** Tabs as the ARIA practices have them: one in the tab order, arrow keys move between them. */
  function tabs(list) {
    var all = Array.from(list.querySelectorAll("[role=tab]"));
    function open(tab) {
      all.forEach(function (other) {
        var chosen = other === tab;
        other.setAttribute("aria-selected", String(chosen));
        other.tabIndex = chosen ? 0 : -1;
        document.getElementById(other.getAttribute("aria-controls")).classList.toggle("open", chosen);
      });
      keep("tab", tab.id);
    }
    list.addEventListener("click", function (event) {
      var tab = event.target.closest("[role=tab]");
      if (tab) open(tab);
    });
    list.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      var next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
      next.focus();
      open(next);
    });
    open(document.getElementById(kept("tab") || "") || all[0]);
  }

  // Moving to another day loads the page anew: the open list and the map's view stay as they were.
  function keep(name, value) {
    try { sessionStorage.setItem("dateline:" + name, value); } catch (error) { /* a browser may forbid it */ }
  }
  function kept(name) {
    try { return sessionStorage.getItem("dateline:" + name); } catch (error) { return null; }
  }

  /** The slider and the date field say the same day. */
  function time(form) {
    var field = form.querySelector("[type=date]");
    var slider = form.querySelector("[type=range]");
    var track = form.querySelector(".track");
    var first = Date.parse(form.dataset.first);
    slider.addEventListener("input", function () {
      var day = new Date(first + slider.value * 86400000);
      field.value = day.toISOString().slice(0, 10);
      slider.setAttribute("aria-valuetext", Dateline.day(field.value));
    });
    slider.addEventListener("change", function () { form.requestSubmit(); });
    field.addEventListener("change", function () { if (field.value && field.checkValidity()) form.requestSubmit(); });
    form.addEventListener("submit", function () {
      if (map) keep("view", JSON.stringify([location.pathname, map.getCenter(), map.getZoom()]));
      form.classList.add("busy");
    });
  }

  function restoreView() {
    var view = JSON.parse(kept("view") || "null");
    keep("view", "null");
    if (map && view && view[0] === location.pathname) map.setView(view[1], view[2], { animate: false });
  }

  /** A feature whose popup is open is marked in the lists and in the article's text. */
  function follow() {
    function mark(key, on) {
      document.querySelectorAll("[data-feature=" + CSS.escape(key) + "]").forEach(function (item) {
        item.classList.toggle("active", on);
        if (on) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
      });
    }
    function keyOf(event) {
      var layer = event.popup._source;
      return layer && layer.group ? Dateline.key(layer.group.spec, layer.feature) : null;
    }
    map.on("popupopen", function (event) {
      var key = keyOf(event);
      if (!key) return;
      mark(key, true);
      var shown = document.querySelector(".active");
      if (shown && !document.activeElement.classList.contains("active")) shown.scrollIntoView({ block: "nearest" });
    });
    map.on("popupclose", function (event) { if (keyOf(event)) mark(keyOf(event), false); });
  }

  /** Places that are not on the map move it all the same: those not fetched yet, and what demonyms stand for. */
  function absent() {
    document.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest("[data-feature][data-lat]");
      if (!link || event.defaultPrevented) return;
      event.preventDefault();
      map.closePopup();
      map.setView([Number(link.dataset.lat), Number(link.dataset.lon)], Math.min(map.getZoom(), 6), { animate: false });
      map.once("dateline:data", function () { Dateline.show(map, link.dataset.feature); });
    });
  }

  document.querySelectorAll("[role=tablist]").forEach(tabs);
  document.querySelectorAll(".time").forEach(time);
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  if (map) {
    restoreView();
    follow();
    absent();
  }
})();
