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
        var panel = document.getElementById(other.getAttribute("aria-controls"));
        panel.classList.toggle("open", chosen);
        if (chosen && panel.dataset.load) load(panel);
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

  /** A list that costs more is fetched when it is first opened. */
  function load(panel) {
    var url = panel.dataset.load;
    delete panel.dataset.load;
    fetch(url, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error("HTTP status " + answer.status);
        return answer.text();
      })
      .then(function (text) { panel.replaceChildren(parsed(text)); })
      .catch(function () {
        panel.dataset.load = url;
        panel.querySelector(".empty").textContent = "This could not be loaded. Open the list again to try once more.";
      });
  }

  /** Markup of this site as elements. */
  function parsed(text) {
    var holder = document.createElement("template");
    holder.innerHTML = text;
    return holder.content;
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
    var open = null;
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
      var key = open = keyOf(event);
      if (!key) return;
      mark(key, true);
      var shown = document.querySelector(".active");
      if (shown && !document.activeElement.classList.contains("active")) shown.scrollIntoView({ block: "nearest" });
    });
    map.on("popupclose", function (event) {
      if (keyOf(event)) mark(keyOf(event), false);
      open = null;
    });
    map.on("dateline:lists", function () { if (open) mark(open, true); });
  }

  /** Places that are not on the map move it all the same: those not fetched yet, and what demonyms stand for. */
  function absent() {
    document.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest("[data-feature][data-lat]");
      if (!link || event.defaultPrevented) return;
      event.preventDefault();
      map.closePopup();
      seek(link, Number(link.dataset.zoom || 6), 3);
    });
  }

  /** Move to a place and show it when its features arrive; where it is one of several, move closer. */
  function seek(link, zoom, tries) {
    var key = link.dataset.feature;
    function arrived(event) {
      if (event.group.spec.name !== key.split("/")[0]) return;
      map.off("dateline:data", arrived);
      if (Dateline.show(map, key)) return inSight();
      if (!tries || zoom >= map.getMaxZoom()) return;
      var heaped = Object.keys(event.group.byId).some(function (other) { return other.indexOf("/cell:") > 0; });
      if (heaped) seek(link, Math.min(zoom + 2, map.getMaxZoom()), tries - 1);
    }
    map.on("dateline:data", arrived);
    map.setView([Number(link.dataset.lat), Number(link.dataset.lon)], zoom, { animate: false });
    inSight();
  }

  /** On a phone the map may be far above the list. */
  function inSight() { map.getContainer().scrollIntoView({ block: "nearest" }); }

  /** Names of places for what has been typed so far. */
  function suggest(field) {
    var list = document.getElementById(field.getAttribute("list"));
    var timer, request;
    field.addEventListener("input", function () {
      clearTimeout(timer);
      if (request) request.abort();
      if (field.value.trim().length < 2) return list.replaceChildren();
      timer = setTimeout(function () {
        request = new AbortController();
        Dateline.fetchJson(field.dataset.suggest + "?q=" + encodeURIComponent(field.value.trim()), request.signal)
          .then(function (found) { list.replaceChildren.apply(list, found.places.map(option)); })
          .catch(function () { /* without suggestions the field works all the same */ });
      }, 150);
    });
  }

  function option(place) {
    var made = document.createElement("option");
    made.value = place.name;
    made.label = [place.name, place.admin1 === place.name ? null : place.admin1, place.country].filter(Boolean).join(", ");
    return made;
  }

  // How long a visible page waits before it asks for news: where there were none, where much comes in (so that news
  // still show within five seconds), and after an error (milliseconds).
  var EVERY = 2000;
  var WHILE_CHANGING = 4000;
  var AFTER_ERROR = 10000;

  /** What is ingested meanwhile shows by itself: the lists' parts that changed are replaced, the map fetches anew. */
  function live(main) {
    var known = null;
    function again(wait) { setTimeout(ask, wait); }
    function ask() {
      if (document.hidden) return document.addEventListener("visibilitychange", ask, { once: true });
      fetch(main.dataset.live, { credentials: "same-origin", cache: "no-store", headers: known ? { "If-None-Match": known } : {} })
        .then(function (answer) {
          if (answer.status === 304) return EVERY;
          if (!answer.ok) throw new Error("HTTP status " + answer.status);
          // The first answer tells what is known, not that it changed.
          var wait = known ? WHILE_CHANGING : EVERY;
          known = answer.headers.get("ETag");
          return answer.text().then(function (text) {
            if (replaceParts(parsed(text))) tell();
            return wait;
          });
        })
        .then(again)
        .catch(function () { again(AFTER_ERROR); });
    }
    // As the server made them: what is marked on the page meanwhile is no news.
    document.querySelectorAll("[data-part]").forEach(function (part) { part.made = part.innerHTML; });
    again(EVERY);
  }

  /** Replace what differs; tell whether anything did. Focus stays on what was in focus, where it is still there. */
  function replaceParts(fresh) {
    var changed = false;
    fresh.querySelectorAll("[data-part]").forEach(function (part) {
      var old = document.querySelector("[data-part=" + part.dataset.part + "]");
      if (!old || old.made === part.innerHTML) return;
      changed = true;
      old.made = part.innerHTML;
      var focused = old.contains(document.activeElement) && leadsTo(document.activeElement);
      inPlace(old, function () { old.replaceChildren.apply(old, Array.from(part.childNodes)); });
      var again = focused && itemOf(old, focused);
      if (again) again.focus({ preventScroll: true });
    });
    if (changed && map) {
      map.fire("dateline:stale");
      map.fire("dateline:lists");
    }
    return changed;
  }

  /** An item of a list is known by what it leads to. */
  function leadsTo(item) { return item.getAttribute("href") || item.dataset.feature || null; }
  function itemOf(part, key) { return items(part).find(function (item) { return leadsTo(item) === key; }); }
  function items(part) { return Array.from(part.querySelectorAll("[href], [data-feature]")); }

  /** Change a list without moving what is read in it. */
  function inPlace(part, change) {
    var side = part.closest(".side");
    var box = side && getComputedStyle(side).overflowY !== "visible" ? side : document.scrollingElement;
    var top = box === side ? side.getBoundingClientRect().top : 0;
    var read = box.scrollTop > 0 && items(part).find(function (item) { return item.getBoundingClientRect().top >= top; });
    var key = read && leadsTo(read), at = read && read.getBoundingClientRect().top;
    change();
    var same = key && itemOf(part, key);
    if (same) box.scrollTop += same.getBoundingClientRect().top - at;
  }

  function tell() {
    var count = document.querySelector("[data-part=n-articles]");
    document.getElementById("news").textContent = "The lists have changed: " + count.textContent + " articles.";
  }

  document.querySelectorAll("[role=tablist]").forEach(tabs);
  document.querySelectorAll("input[data-suggest]").forEach(suggest);
  document.querySelectorAll("[data-live]").forEach(live);
  document.querySelectorAll(".time").forEach(time);
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  if (map) {
    // On paper the map has another size.
    window.matchMedia("print").addEventListener("change", function () { map.invalidateSize({ animate: false }); });
    restoreView();
    follow();
    absent();
  }
})();
