// Popups: what is known of a feature, the sentences that name it, and where all of that comes from.
"use strict";

(function () {
  var element = Dateline.element;

  // Words for values that are codes.
  var WORDS = {
    city: "town or city", admin1: "province or state", admin2: "district or county",
    agreed: "agreed by all parties", claimed: "claimed by one side", derived: "derived from an agreement's text",
  };

  /** Build the popup of a feature as elements. `spec.popup` names its title, subtitle, rows, quotes and sources. */
  Dateline.popup = function (spec, properties, options) {
    var parts = spec.popup;
    var title = element("h2", "", properties[parts.title] || "Unnamed");
    title.dir = "auto";
    var subtitle = parts.subtitle.map(function (name) {
      return name === "country" ? countryName(properties[name]) : words(properties[name]);
    }).filter(function (text) { return text && text !== properties[parts.title]; });
    return element("article", "dl-popup",
      title,
      subtitle.length ? element("p", "dl-subtitle", subtitle.filter(distinct).join(" · ")) : null,
      spec.approximate ? element("p", "dl-approximate", "Approximate") : null,
      rows(parts.rows, properties),
      properties.note && properties.zoom !== undefined ? element("p", "dl-subtitle", properties.note) : null,
      spec.search && properties.zoom === undefined ? search(spec, properties) : null,
      quotes(parts.quotes ? listed(properties[parts.quotes]) : own(properties), options),
      sources(listed(properties[parts.sources]))
    );
  };

  function distinct(value, position, all) { return all.indexOf(value) === position; }

  function words(value) {
    return value === null || value === undefined ? "" : (WORDS[value] || String(value));
  }

  var countries = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
  function countryName(code) {
    return /^[A-Z]{2}$/.test(code || "") ? countries.of(code) : words(code);
  }

  /** Nested values come as lists, or as JSON text from formats without nesting. */
  function listed(value) {
    if (typeof value !== "string") return value || [];
    try { return JSON.parse(value); } catch (error) { return []; }
  }

  function rows(described, properties) {
    var list = element("dl", "");
    described.forEach(function (row) {
      var value = properties[row[0]];
      if (value === null || value === undefined || value === "") return;
      list.append(element("dt", "", row[1]), element("dd", "", format[row[2]](value)));
    });
    return list.children.length ? list : null;
  }

  var numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
  var days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  var format = {
    text: function (value) { return typeof value === "number" ? numbers.format(value) : words(value); },
    date: function (value) {
      var day = new Date(value);
      return isNaN(day) ? String(value) : days.format(day);
    },
    percent: function (value) { return Math.round(value * 100) + " %"; },
    metres: function (value) { return value >= 1000 ? "± " + numbers.format(value / 1000) + " km" : "± " + value + " m"; },
    km2: function (value) { return "about " + roughly(value) + " km²"; },
  };

  /** Two significant digits: more would pretend to know. */
  function roughly(value) {
    return numbers.format(Number(Number(value).toPrecision(2)));
  }

  Dateline.day = function (text) { return format.date(text); };

  /** A feature of a single sentence is its own quote. */
  function own(properties) {
    return properties.sentence ? [properties] : [];
  }

  function quotes(found, options) {
    return found.length ? element.apply(null, ["div", "dl-quotes"].concat(found.map(function (quote) {
      // Facts of an article come with the map, once for all its quotes; fetched features bring their own.
      var whole = Object.assign({}, options.articles[quote.article], quote);
      return element("figure", "", marked(whole), caption(whole, options));
    }))) : null;
  }

  function marked(quote) {
    var sentence = String(quote.sentence || "");
    var mark = quote.mark || [0, 0];
    var text = element("blockquote", "", sentence.slice(0, mark[0]),
      mark[1] > mark[0] ? element("mark", "", sentence.slice(mark[0], mark[1])) : null, sentence.slice(mark[1]));
    text.dir = "auto";
    return text;
  }

  function caption(quote, options) {
    var title = quote.title || quote.article;
    var link = options.articleUrl && quote.article ? options.articleUrl + encodeURIComponent(quote.article) : quote.url;
    var details = [quote.source, quote.date ? format.date(quote.date) : null].filter(Boolean).map(isolated);
    return element.apply(null, ["figcaption", "", linked(title, link)].concat(details.flatMap(function (detail, position) {
      return [position ? ", " : " – ", detail];
    })));
  }

  /** Text whose direction changes nothing around it. */
  function isolated(text) { return element("bdi", "", text); }

  /** A way from a feature to all that is said about it. */
  function search(spec, properties) {
    var url = spec.search.replace("{id}", encodeURIComponent(properties.id));
    return element("p", "dl-search", linked("All articles that name it, or a place in it", url));
  }

  function sources(found) {
    if (!found.length) return null;
    var list = element("ol", "");
    found.forEach(function (source) {
      var details = [source.publisher === source.title ? null : source.publisher,
        source.date ? format.date(source.date) : null, source.licence].filter(Boolean).join(", ");
      list.append(element("li", "", linked(source.title, source.url), details ? " (" + details + ")" : null));
    });
    return element("details", "dl-sources", element("summary", "", "Sources (" + found.length + ")"), list);
  }

  /** A link only for addresses of the web and of this site; anything else stays text. What is no map leaves a frame. */
  function linked(text, url) {
    if (!url || !/^(https?:\/\/|\/(?!\/))/i.test(url)) return element("cite", "", isolated(text));
    var link = element("a", "", isolated(text));
    link.href = url;
    if (!url.startsWith("/") || window.top !== window) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
    return element("cite", "", link);
  }
})();
