// Reviewing an article's mentions: what the machine found, what a person decides, and who that was.
"use strict";

(function () {
  var panel = document.getElementById("review");
  if (!panel || !window.Dateline) return;
  var element = Dateline.element;
  var mentions = null;
  var WAIT = 150;

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("[data-start], [data-review]");
    if (link) open(Number(link.dataset.start || link.dataset.review));
  });
  var asked = /^#m-(\d+)$/.exec(location.hash);
  if (asked) open(Number(asked[1]));

  /** Show what is known of the mention that starts there. */
  function open(start) {
    panel.hidden = false;
    if (mentions) return show(start);
    panel.replaceChildren(element("p", "wait", "Loading…"));
    Dateline.fetchJson(panel.dataset.read)
      .then(function (article) {
        mentions = {};
        article.mentions.forEach(function (mention) { mentions[mention.start] = mention; });
        show(start);
      })
      .catch(function () { panel.replaceChildren(element("p", "wait", "This could not be loaded. Choose the mention again.")); });
  }

  function show(start) {
    var mention = mentions[start];
    if (!mention) { panel.hidden = true; return; }
    var review = mention.review;
    var machine = review ? review.machine : mention.place;
    var close = element("button", "quiet close", "×");
    close.type = "button";
    close.setAttribute("aria-label", "Close the review");
    close.addEventListener("click", function () { panel.hidden = true; });
    var title = element("h2", "", "“", bdi(mention.text), "”");
    panel.replaceChildren(
      title, close,
      line("Machine", machine ? placeText(machine) + ", " + Math.round(100 * mention.confidence) + " % sure" : "unresolved"),
      line("Verdict", review ? verdictText(review) : "nobody has looked at it yet")
    );
    if (panel.dataset.open !== undefined) panel.append(form(mention, machine));
  }

  function bdi(text) { return element("bdi", "", text); }

  function line(label, text) { return element("p", "fact", element("b", "", label), " ", bdi(text)); }

  function placeText(place) {
    var inside = [place.admin1, place.country].filter(function (part) { return part && part !== place.name; });
    return [place.name].concat(inside).join(", ") + " (" + place.feature + ")";
  }

  var VERDICTS = { accepted: "accepted", corrected: "corrected", rejected: "no place", unresolved: "a place, but nobody can tell which" };
  function verdictText(review) {
    var when = new Date(review.time).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
    return VERDICTS[review.verdict] + (review.place ? ": " + placeText(review.place) : "") + " – " + review.reviewer + ", " + when +
      (review.note ? " – " + review.note : "");
  }

  /** Choices: the machine's place, its alternatives, any other place, no place. */
  function form(mention, machine) {
    var chosen = mention.review || {};
    var choices = element("div", "choices");
    if (machine) choices.append(choice("accepted", "", "Right: " + placeText(machine), chosen.verdict === "accepted"));
    mention.alternatives.forEach(function (place) {
      if (!machine || place.id !== machine.id) choices.append(choice("corrected", place.id, placeText(place), isPlace(chosen, place)));
    });
    if (chosen.verdict === "corrected" && !choices.querySelector(":checked")) {
      choices.append(choice("corrected", chosen.place.id, placeText(chosen.place), true));
    }
    var others = element("div", "others");
    choices.append(others, search(others),
      choice("rejected", "", "No place at all", chosen.verdict === "rejected"),
      choice("unresolved", "", "A place, but nobody can tell which", chosen.verdict === "unresolved"));
    var group = element("fieldset", "", element("legend", "unseen", "What it stands for"), choices);
    var name = field("Your name", "reviewer", remembered(), 100);
    name.querySelector("input").required = true;
    var note = field("Note", "note", chosen.note || "", 2000);
    var keep = element("button", "primary", "Keep");
    var error = element("p", "error");
    error.setAttribute("role", "alert");
    var made = element("form", "", group, element("div", "pair", name, note), element("p", "actions", keep,
      mention.review ? withdraw(mention, error) : null), error);
    made.addEventListener("submit", function (event) {
      event.preventDefault();
      var answer = new FormData(made);
      if (!answer.get("choice")) { error.textContent = "Choose what it stands for."; return; }
      var parts = answer.get("choice").split("|");
      remember(answer.get("reviewer"));
      send("POST", panel.dataset.write, {
        article: panel.dataset.article, start: mention.start, end: mention.end,
        verdict: parts[0], place: parts[1] || null, reviewer: answer.get("reviewer"), note: answer.get("note"),
      }, mention, error);
    });
    return made;
  }

  function isPlace(review, place) { return Boolean(review.place) && review.verdict === "corrected" && review.place.id === place.id; }

  function choice(verdict, id, text, checked) {
    var input = element("input");
    input.type = "radio";
    input.name = "choice";
    input.value = verdict + "|" + id;
    input.checked = Boolean(checked);
    return element("label", "choice", input, " ", bdi(text));
  }

  function field(label, name, value, longest) {
    var input = element("input");
    input.name = name;
    input.value = value;
    input.maxLength = longest;
    input.autocomplete = "off";
    return element("label", "field", label, input);
  }

  /** A field whose findings become choices. */
  function search(others) {
    var made = field("Another place", "", "", 500);
    var input = made.querySelector("input");
    input.removeAttribute("name");
    input.type = "search";
    input.placeholder = "Type its name";
    var timer;
    input.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });
    input.addEventListener("input", function () {
      clearTimeout(timer);
      if (input.value.trim().length < 2) return others.replaceChildren();
      timer = setTimeout(function () {
        Dateline.fetchJson(panel.dataset.suggest + "?q=" + encodeURIComponent(input.value.trim()))
          .then(function (found) {
            others.replaceChildren.apply(others, found.places.map(function (place) {
              return choice("corrected", place.id, placeText(place), false);
            }));
            if (!found.places.length) others.replaceChildren(element("p", "wait", "No place is known by that name."));
          })
          .catch(function () { others.replaceChildren(element("p", "wait", "The gazetteer cannot be asked now.")); });
      }, WAIT);
    });
    return made;
  }

  function withdraw(mention, error) {
    var button = element("button", "quiet", "Withdraw the verdict");
    button.type = "button";
    button.addEventListener("click", function () {
      var query = new URLSearchParams({ article: panel.dataset.article, start: mention.start, end: mention.end });
      send("DELETE", panel.dataset.write + "?" + query, null, mention, error);
    });
    return button;
  }

  /** Send a change; the page is made anew with it, and the same mention open. */
  function send(method, url, body, mention, error) {
    error.textContent = "";
    fetch(url, {
      method: method, credentials: "same-origin",
      headers: body ? { "Content-Type": "application/json" } : {}, body: body ? JSON.stringify(body) : undefined,
    }).then(function (answer) {
      if (answer.ok) {
        history.replaceState(null, "", "#m-" + mention.start);
        return location.reload();
      }
      return answer.json().then(function (told) { error.textContent = told.error.message + " " + told.error.remedy; });
    }).catch(function () { error.textContent = "It could not be kept: the site does not answer. Try again."; });
  }

  // The reviewer's name stays on their own machine.
  function remember(name) { try { localStorage.setItem("dateline:reviewer", name); } catch (error) { /* forbidden */ } }
  function remembered() { try { return localStorage.getItem("dateline:reviewer") || ""; } catch (error) { return ""; } }
})();
