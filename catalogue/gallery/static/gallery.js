/* The gallery's script: search, filters, sorting, the viewer. No library, no module, no fetch: it
   runs from a folder as from a server. The page works without it; what needs it is hidden until
   here. Texts come from the world and are only ever set as text, never as markup.

   In this order: loading the data, what is asked for, finding, the page, the viewer, events. The
   address (`wanted`) is the only state that decides what is shown: an action changes it and calls
   `follow`, which is what an address typed by hand does too. */
(function () {
  "use strict";

  const page = document.body.dataset;
  const BATCH = 60; // cards added at a time: more would be built than anybody sees
  const AHEAD = 300; // so few are loaded before they are asked for, and printed all
  const PRINTED = 1000; // cards that a print has at the most
  const AT_ONCE = 18; // cards that answer a letter typed: what a laptop shows
  const FILTERS = ["spacecraft", "instrument", "subject", "credit", "year", "kind"];
  const FIELDS = [
    "key", "thumbnails", "width", "height", "colour", "spacecraft", "instrument", "subjects",
    "credit", "credit_name", "kind", "date", "title", "caption", "alt", "sol", "place", "product",
    "missing", "original",
  ];

  const by = (id) => document.getElementById(id);
  const grid = by("grid");
  const count = by("count");
  const viewer = by("viewer");
  const shot = by("card").content.firstElementChild;
  const prefix = page.root;

  let pictures = null; // all of them, in the order of the build, once loaded
  let choices = null; // by filter, every value that it can have, with its name
  let matching = null; // those that the filters leave, in the order of the sorting
  let rendered = 0; // how far into `matching` the grid goes
  let wanted = {}; // what the address asks for
  let shownKey = ""; // the address of what the grid shows
  let current = -1; // place of the viewed picture in `matching`
  let viewing = ""; // its key
  let entered = false; // the viewer has an entry of its own in the history: Back closes it
  const details = new Map();

  /* --- loading: classic scripts that call one function ------------------------------------- */

  const scripts = new Map();

  function load(path) {
    if (!scripts.has(path)) {
      scripts.set(path, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = prefix + path;
        script.onload = done;
        script.onerror = () => { scripts.delete(path); failed(new Error(path)); };
        document.head.append(script);
      }));
    }
    return scripts.get(path);
  }

  window.galleryPictures = function (data) {
    const tables = data.tables;
    const named = (value) => [value, value];
    const years = [...new Set(data.rows.map((row) => yearOf(row[FIELDS.indexOf("date")])))].sort().reverse();
    choices = {
      spacecraft: tables.spacecraft, instrument: tables.instrument, subject: tables.spacecraft,
      credit: tables.credit_name.map(named), year: years.map(named), kind: tables.kind,
    };
    const yearPlace = new Map(years.map((year, place) => [year, place]));
    pictures = data.rows.map((row, order) => {
      const picture = { order };
      FIELDS.forEach((name, column) => { picture[name] = row[column]; });
      picture.places = [ // among the choices of each filter, in the order of FILTERS
        [picture.spacecraft], [picture.instrument], picture.subjects, [picture.credit_name],
        [yearPlace.get(yearOf(picture.date))], [picture.kind],
      ];
      picture.subjects = picture.subjects.map((n) => tables.spacecraft[n]);
      for (const name of ["spacecraft", "instrument", "kind", "credit", "credit_name"]) {
        picture[name] = tables[name][picture[name]];
      }
      [picture.credit, picture.labelled] = picture.credit;
      picture.alt = picture.alt || picture.caption || picture.title;
      picture.text = "";
      return picture;
    });
    foldAhead(0);
  };

  const yearOf = (date) => date.slice(0, 4);

  /* The texts that are searched, a few at a time before the first letter is typed. */
  function foldAhead(from) {
    pictures.slice(from, from + 500).forEach(textOf);
    if (from + 500 < pictures.length) setTimeout(foldAhead, 0, from + 500);
  }

  window.galleryDetails = function (number, rows) { details.set(number, rows); };

  const ready = () => load(page.pictures);

  /* --- what is asked for -------------------------------------------------------------------- */

  function readAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    wanted = { q: given.get("q") || "", sort: given.get("sort") || "", picture: given.get("picture") || "" };
    for (const name of FILTERS) wanted[name] = given.get(name) || "";
  }

  function writeAddress(enter) {
    const out = new URLSearchParams();
    for (const name of [...FILTERS, "q", "sort", "picture"]) if (wanted[name]) out.set(name, wanted[name]);
    const text = out.toString();
    const address = text ? "#" + text : location.pathname + location.search;
    if (enter) history.pushState(null, "", address); else history.replaceState(null, "", address);
  }

  /* --- finding ------------------------------------------------------------------------------- */

  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

  function textOf(picture) {
    if (!picture.text) {
      picture.text = fold([
        picture.title, picture.caption, picture.alt, picture.credit, picture.credit_name,
        picture.spacecraft[1], picture.spacecraft[0], picture.instrument[1], picture.instrument[0],
        picture.subjects.join(" "), picture.kind[1], picture.place, picture.product, picture.date,
      ].join("\n"));
    }
    return picture.text;
  }

  function wordsOf(text) {
    const words = [];
    for (const found of fold(text).matchAll(/(-?)(?:"([^"]*)"|(\S+))/g)) {
      const word = (found[2] === undefined ? found[3] : found[2]).trim();
      if (word && word !== "-") words.push({ word, not: found[1] === "-" });
    }
    return words;
  }

  const NONE = "none"; // the value that stands for «not known»

  /* One pass: a picture that fails no filter counts everywhere, one that fails a single filter
     counts among that filter's own choices, so that the counts tell what a change would give. */
  function find() {
    const words = wordsOf(wanted.q);
    const counts = FILTERS.map((name) => new Uint32Array(choices[name].length));
    const asked = FILTERS.map((name) => wanted[name]
      && choices[name].findIndex(([value]) => (value || NONE) === wanted[name]));
    const active = [...FILTERS.keys()].filter((n) => asked[n] !== "");
    const found = [];
    for (const picture of pictures) {
      if (words.length) {
        const text = textOf(picture);
        if (!words.every(({ word, not }) => text.includes(word) !== not)) continue;
      }
      const { places } = picture;
      let failing = -1;
      let failures = 0;
      for (const n of active) {
        const hit = places[n].length ? places[n].includes(asked[n]) : wanted[FILTERS[n]] === NONE;
        if (!hit) { failing = n; failures += 1; }
      }
      if (failures > 1) continue;
      if (!failures) found.push(picture);
      for (let n = 0; n < counts.length; n += 1) {
        if (!failures || n === failing) for (const place of places[n]) counts[n][place] += 1;
      }
    }
    return { found: sorted(found), counts };
  }

  function sorted(found) {
    const dated = (up) => (a, b) =>
      !a.date - !b.date || (a.date < b.date ? -up : a.date > b.date ? up : a.order - b.order);
    const orders = {
      newest: dated(-1),
      oldest: dated(1),
      largest: (a, b) => b.width * b.height - a.width * a.height || a.order - b.order,
      spacecraft: (a, b) => !a.spacecraft[1] - !b.spacecraft[1]
        || a.spacecraft[1].localeCompare(b.spacecraft[1]) || a.order - b.order,
    };
    return orders[wanted.sort] ? found.sort(orders[wanted.sort]) : found;
  }

  /* --- the page ------------------------------------------------------------------------------ */

  function fill(select, counts) {
    const chosen = wanted[select.name];
    const entries = choices[select.name]
      .map(([value, label], place) => ({ value: value || NONE, label, count: counts[place] }))
      .filter(({ value, count: hits }) => hits || value === chosen);
    if (chosen && !entries.some(({ value }) => value === chosen)) {
      entries.push({ value: chosen, label: chosen, count: 0 });
    }
    entries.sort((a, b) => (a.value === NONE) - (b.value === NONE)
      || (select.name === "year" ? 0 : b.count - a.count || (a.label < b.label ? -1 : 1)));
    const options = entries.map(({ value, label, count: hits }) => {
      const name = value === NONE ? "Not known" : label;
      return new Option(`${name} (${hits})`, value, false, value === chosen);
    });
    select.replaceChildren(new Option(select.dataset.all, ""), ...options);
    select.value = chosen;
    select.disabled = !chosen && entries.every(({ value }) => value === NONE);
  }

  function show() {
    const key = [...FILTERS, "q", "sort"].map((name) => wanted[name]).join("\n");
    const { found, counts } = find();
    matching = found;
    for (const select of document.querySelectorAll("select[data-all]")) {
      fill(select, counts[FILTERS.indexOf(select.name)]);
    }
    by("sort").value = wanted.sort;
    if (document.activeElement !== by("search")) by("search").value = wanted.q;
    by("clear").hidden = !key.trim();
    if (key !== shownKey) {
      shownKey = key;
      grid.replaceChildren();
      rendered = 0;
      more(AT_ONCE);
      const shown = matching; // the rest when these are painted, if nothing else is asked for yet
      requestAnimationFrame(() => setTimeout(() => {
        if (matching === shown && rendered === AT_ONCE) more(BATCH - AT_ONCE);
      }));
      for (const link of document.querySelectorAll(".pages")) link.hidden = true;
    }
    const all = `${number(pictures.length)} ${pictures.length === 1 ? "picture" : "pictures"}`;
    tell(matching.length === pictures.length
      ? all
      : `${number(matching.length)} of ${all}`);
    by("nothing").hidden = matching.length > 0;
    markOverview();
  }

  /* 12,345: `toLocaleString` would take ten milliseconds of the first letter typed. */
  const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

  function tell(words) { if (count.textContent !== words) count.textContent = words; }

  function markOverview() {
    for (const link of document.querySelectorAll("#overview a[data-name]")) {
      const on = wanted[link.dataset.name] === link.dataset.value;
      if (on) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
  }

  function more(size) {
    const batch = matching.slice(rendered, rendered + (size || BATCH));
    grid.append(...batch.map(card));
    rendered += batch.length;
  }

  function card(picture) {
    const item = shot.cloneNode(true);
    const at = (name) => item.querySelector("." + name);
    item.dataset.key = picture.key;
    const link = at("shot");
    link.href = leadsTo(picture);
    const image = link.querySelector("img");
    if (picture.thumbnails.length) {
      const [path, width, height] = picture.thumbnails[0];
      image.alt = picture.alt;
      image.width = width;
      image.height = height;
      image.style.backgroundColor = picture.colour;
      image.srcset = picture.thumbnails.map(([file, wide]) => `${prefix}${file} ${wide}w`).join(", ");
      image.sizes = page.sizes;
      image.src = prefix + path;
      at("words").remove();
    } else {
      image.remove();
      item.classList.add("wordy");
      at("words").textContent = picture.missing;
    }
    const otherwise = picture.kind[0] === "photo" ? "" : picture.kind[1];
    label(at("craft"), picture.spacecraft[1], otherwise || "Source not known");
    label(at("camera"), picture.instrument[1], "");
    label(at("title"), picture.title, "");
    label(at("caption"), picture.caption || (picture.title ? "" : picture.product), "");
    const credit = at("credit");
    credit.firstElementChild.hidden = picture.labelled;
    credit.lastElementChild.textContent = picture.credit || "not known";
    credit.classList.toggle("unknown", !picture.credit);
    return item;
  }

  /* Where a press with Ctrl or without script leads: the picture, or the largest that there is. */
  function leadsTo(picture) {
    const largest = picture.thumbnails[picture.thumbnails.length - 1];
    const path = picture.original || (largest ? largest[0] : "");
    if (!path) return "#picture=" + picture.key;
    return path.includes(":") ? path : prefix + path;
  }

  function label(element, text, otherwise) {
    if (text || otherwise) element.textContent = text || otherwise;
    else element.remove();
    element.classList.toggle("unknown", !text);
  }

  /* --- the viewer ---------------------------------------------------------------------------- */

  function view(place, fromAddress) {
    const picture = matching[place];
    if (!picture) return;
    current = place;
    viewing = wanted.picture = picture.key;
    if (!fromAddress) {
      entered = entered || !viewer.open;
      writeAddress(!viewer.open);
    }
    by("v-title").textContent = picture.title || picture.spacecraft[1] || picture.kind[1] || "Picture";
    put("v-caption", picture.caption);
    by("v-credit").textContent = picture.credit || "not known";
    by("v-copy").hidden = !picture.credit;
    by("v-copy").textContent = "Copy credit";
    facts(picture, null);
    by("v-why").hidden = true;
    by("v-near").hidden = true;
    by("v-place").textContent = `${number(place + 1)} of ${number(matching.length)}`;
    by("v-spoken").textContent = `Picture ${place + 1} of ${matching.length}: ${picture.alt || picture.missing}`;
    // Not `disabled`: the button would lose the focus, and with it the keyboard.
    by("v-previous").setAttribute("aria-disabled", String(place === 0));
    by("v-next").setAttribute("aria-disabled", String(place === matching.length - 1));
    download(picture);
    if (!viewer.open) viewer.showModal();
    stage(picture);
    by("v-panel").scrollTop = 0;
    viewer.scrollTop = 0;
    const chunk = Math.floor(picture.order / Number(page.chunk));
    load(page.details.split(" ")[chunk]).then(() => {
      if (matching[current] !== picture) return;
      detail(picture, details.get(chunk)[picture.order % Number(page.chunk)]);
    }, () => {});
  }

  function stage(picture) {
    const image = by("v-image");
    const largest = picture.thumbnails[picture.thumbnails.length - 1];
    zoom(false);
    image.hidden = !largest;
    put("v-none", largest ? "" : picture.missing);
    by("v-zoom").hidden = true;
    if (!largest) {
      image.removeAttribute("src");
      image.alt = "";
      return;
    }
    image.src = prefix + largest[0];
    image.alt = picture.alt;
    image.width = picture.width || largest[1];
    image.height = picture.height || largest[2];
    // Never blown up, save with the text on a wall; no jump when the large one takes its place.
    image.style.width = `min(100%, ${image.width / 16}rem)`;
    image.style.height = `min(100%, ${image.height / 16}rem)`;
  }

  /* The picture in its own size, to be moved about in; of no use where it fits. */
  function zoom(on, across, down) {
    const image = by("v-image");
    const box = by("v-stage");
    box.classList.toggle("zoomed", on);
    by("v-zoom").setAttribute("aria-pressed", String(on));
    if (on) box.tabIndex = 0; else box.removeAttribute("tabindex");
    if (!on) return;
    box.scrollTo(
      (across === undefined ? 0.5 : across) * image.offsetWidth - box.clientWidth / 2,
      (down === undefined ? 0.5 : down) * image.offsetHeight - box.clientHeight / 2,
    );
    box.focus();
  }

  function download(picture) {
    const link = by("v-download");
    link.hidden = !picture.original;
    if (!picture.original) return;
    const away = picture.original.includes(":");
    link.href = leadsTo(picture);
    link.textContent = away ? "Open the original" : "Download the original";
    if (away) link.removeAttribute("download");
    else link.setAttribute("download", fileName(picture));
  }

  function put(id, text) {
    by(id).textContent = text;
    by(id).hidden = !text;
  }

  function fileName(picture) {
    const words = fold([picture.spacecraft[0], picture.date, picture.title || picture.caption].join(" "));
    const name = words.replace(/[^a-z0-9]+/g, "-").slice(0, 60).replace(/^-+|-+$/g, "") || "picture";
    return name + picture.original.slice(picture.original.lastIndexOf("."));
  }

  function facts(picture, more) {
    const list = by("v-facts");
    list.replaceChildren();
    const add = (name, ...values) => {
      const kept = values.filter(Boolean);
      if (!kept.length) return;
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = name;
      kept.forEach((part, n) => value.append(...(n ? [document.createElement("br"), part] : [part])));
      list.append(term, value);
    };
    const dated = (text) => text && text.length === 10
      ? new Date(text + "T00:00:00Z").toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })
      : text;
    add("Taken by", picture.spacecraft[1]);
    add("Instrument", picture.instrument[1]);
    add("Shows", picture.subjects.map(([, name]) => name).join(", "));
    add("Kind", picture.kind[1]);
    if (more) {
      add("Taken", dated(more.taken));
      add("Published", dated(more.published));
    } else add("Date", dated(picture.date));
    add("Sol", picture.sol === null ? "" : number(picture.sol));
    add("Place", picture.place);
    add("Product", picture.product);
    add("Size", picture.width ? `${number(picture.width)} × ${number(picture.height)} pixels${more && more.format ? ", " + more.format : ""}` : "");
    if (!more) return;
    add("People", more.people.join(", "));
    add("Licence", more.licence && more.rights_url ? anchor(more.rights_url, more.licence) : more.licence);
    add("Terms", more.rights && more.rights_url && !more.licence ? anchor(more.rights_url, more.rights) : more.rights);
    add(more.pages.length > 1 ? "Pages" : "Page", ...more.pages.map(([address, title]) => anchor(address, title)));
    add("File from", more.source ? anchor(more.source, new URL(more.source).hostname) : "");
  }

  function anchor(address, text) {
    if (!/^https?:\/\//.test(address)) return text;
    const link = document.createElement("a");
    link.href = address;
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    link.textContent = text;
    return link;
  }

  function detail(picture, more) {
    facts(picture, more);
    const large = by("v-image");
    if (more.shown && !large.hidden) {
      const image = new Image();
      image.onload = () => {
        if (matching[current] !== picture) return;
        large.src = image.src;
        by("v-zoom").hidden = image.naturalWidth <= large.clientWidth * 1.2;
      };
      image.src = prefix + more.shown;
    }
    by("v-why").hidden = !more.evidence.length && !more.corrected.length;
    by("v-sure").textContent = more.corrected.length
      ? "A person has set: " + more.corrected.join(", ") + "."
      : `Certainty ${more.confidence} %.`;
    by("v-evidence").replaceChildren(...more.evidence.map(([field, text, says]) => {
      const item = document.createElement("li");
      const quote = document.createElement("q");
      const verdict = document.createElement("span");
      quote.textContent = text;
      verdict.textContent = says;
      verdict.className = "says";
      item.append(field + ": ", quote, " ", verdict);
      return item;
    }));
    const near = more.near.map((order) => pictures[order]).filter((other) => other.thumbnails.length);
    by("v-near").hidden = !near.length;
    by("v-near-list").replaceChildren(...near.map(rendition));
  }

  function rendition(picture) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const image = document.createElement("img");
    const size = document.createElement("span");
    link.href = "#picture=" + picture.key;
    image.src = prefix + picture.thumbnails[0][0];
    image.alt = "";
    image.loading = "lazy";
    size.textContent = `${number(picture.width)} × ${number(picture.height)}`;
    link.append(image, size);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const place = matching.indexOf(picture);
      if (place >= 0) { view(place, false); return; }
      for (const name of [...FILTERS, "q"]) wanted[name] = ""; // the filters hide it
      wanted.picture = picture.key;
      writeAddress();
      follow(false);
    });
    item.append(link);
    return item;
  }

  function step(along) { if (matching[current + along]) view(current + along, false); }

  function copyCredit() {
    const text = by("v-credit").textContent;
    const done = () => { by("v-copy").textContent = "Copied"; by("said").textContent = "Credit copied: " + text; };
    const byHand = () => { // where the page is not a secure context
      const area = document.createElement("textarea");
      area.value = text;
      viewer.append(area);
      area.select();
      const worked = document.execCommand("copy");
      area.remove();
      by("v-copy").focus();
      if (worked) done(); else by("said").textContent = "The browser did not allow copying.";
    };
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  }

  function closed() {
    const picture = matching && matching[current];
    wanted.picture = "";
    if (entered) history.back(); else writeAddress();
    entered = false;
    by("v-image").removeAttribute("src");
    by("said").textContent = "";
    const item = picture && grid.querySelector(`[data-key="${CSS.escape(picture.key)}"] .shot`);
    if (item) item.focus();
  }

  /* --- events -------------------------------------------------------------------------------- */

  function follow(fromAddress) {
    return ready().then(() => {
      show();
      if (wanted.picture) {
        const place = matching.findIndex((picture) => picture.key === wanted.picture);
        if (place < 0) tell("The picture is not among these.");
        else if (viewer.open && viewing === wanted.picture) current = place;
        else view(place, fromAddress);
      } else if (viewer.open) {
        entered = false;
        viewer.close();
      }
    }, () => tell("The list of pictures could not be loaded."));
  }

  function change(name, value) {
    wanted[name] = value;
    writeAddress();
    follow(false);
  }

  function columns() {
    const items = grid.children;
    let n = 1;
    while (n < items.length && items[n].offsetTop === items[0].offsetTop) n += 1;
    return n;
  }

  function moveInGrid(event) {
    const links = [...grid.querySelectorAll(".shot")];
    const at = links.indexOf(document.activeElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      steps[event.key] = columns() * (event.key === "ArrowDown" ? 1 : -1);
    }
    let to = at + (steps[event.key] || 0);
    if (event.key === "Home") to = 0;
    if (event.key === "End") to = links.length - 1;
    if (to === at || !links[to]) return;
    event.preventDefault();
    links[to].focus();
  }

  function start() {
    for (const part of document.querySelectorAll(".with-script")) part.hidden = false;
    for (const image of grid.querySelectorAll("img[data-colour]")) image.style.backgroundColor = image.dataset.colour;
    rendered = Number(page.first) + grid.children.length;
    shownKey = [...FILTERS, "q", "sort"].map(() => "").join("\n");

    by("search").addEventListener("focus", () => { ready().catch(() => {}); });
    by("search").addEventListener("input", (event) => change("q", event.target.value.trim()));
    by("find").addEventListener("submit", (event) => event.preventDefault());
    by("find").addEventListener("pointerenter", () => { ready().catch(() => {}); });
    by("find").addEventListener("change", (event) => {
      if (event.target.tagName === "SELECT") change(event.target.name, event.target.value);
    });
    by("more").addEventListener("click", () => {
      const open = by("filters").classList.toggle("open");
      by("more").setAttribute("aria-expanded", String(open));
    });
    by("clear").addEventListener("click", () => {
      readAddress();
      for (const name of [...FILTERS, "q", "sort"]) wanted[name] = "";
      by("search").value = "";
      writeAddress();
      follow(false);
      by("search").focus();
    });
    grid.addEventListener("click", (event) => {
      const link = event.target.closest(".shot");
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      wanted.picture = link.closest("[data-key]").dataset.key;
      follow(false);
    });
    grid.addEventListener("keydown", moveInGrid);
    document.addEventListener("click", (event) => { // a choice of the overview taken back
      const link = event.target.closest("#overview a[aria-current]");
      if (!link) return;
      event.preventDefault();
      change(link.dataset.name, "");
    });

    by("v-close").addEventListener("click", () => viewer.close());
    by("v-previous").addEventListener("click", () => step(-1));
    by("v-next").addEventListener("click", () => step(1));
    by("v-copy").addEventListener("click", copyCredit);
    by("v-zoom").addEventListener("click", () => zoom(!by("v-stage").classList.contains("zoomed")));
    by("v-image").addEventListener("click", (event) => {
      if (by("v-zoom").hidden) return;
      const box = event.target.getBoundingClientRect();
      const on = !by("v-stage").classList.contains("zoomed");
      zoom(on, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
    viewer.addEventListener("close", closed);
    viewer.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (document.activeElement === by("v-stage")) return; // it scrolls
      const go = { ArrowRight: () => step(1), ArrowLeft: () => step(-1),
        Home: () => view(0, false), End: () => view(matching.length - 1, false) }[event.key];
      if (go) { event.preventDefault(); go(); }
    });
    let touched = null;
    by("v-stage").addEventListener("touchstart", (event) => {
      touched = event.touches.length === 1 && !by("v-stage").classList.contains("zoomed")
        && !(window.visualViewport && window.visualViewport.scale > 1) ? event.touches[0] : null;
    }, { passive: true });
    by("v-stage").addEventListener("touchend", (event) => {
      if (!touched || event.touches.length) return;
      const across = event.changedTouches[0].clientX - touched.clientX;
      const down = event.changedTouches[0].clientY - touched.clientY;
      if (Math.abs(across) > 50 && Math.abs(across) > 2 * Math.abs(down)) step(across < 0 ? 1 : -1);
      touched = null;
    }, { passive: true });

    new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting) || rendered >= Number(page.total)) return;
      ready().then(() => { if (!matching) show(); more(); }, () => {});
    }, { rootMargin: "600px" }).observe(by("end"));

    window.addEventListener("beforeprint", () => { // paper has no scrolling
      if (!pictures || viewer.open) return;
      if (!matching) show();
      while (rendered < Math.min(matching.length, PRINTED)) more();
    });
    window.addEventListener("hashchange", () => { readAddress(); follow(true); });
    readAddress();
    if (location.hash.length > 1) follow(true);
    else if (Number(page.total) <= AHEAD) requestIdleCallback(() => { ready().catch(() => {}); });
  }

  start();
})();
