(() => {
  "use strict";
  const known = JSON.parse(document.getElementById("known").textContent);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const put = (format, words) => format.replace(/\{(\w*)\}/g, (_, name) => words[name]);

  // charts: drawn when their language is first shown, because what is hidden has no width

  const drawn = new Set();

  function draw(lang) {
    for (const { place, spec, says } of known.charts.filter((chart) => chart.lang === lang && !drawn.has(chart.place))) {
      drawn.add(place);
      const at = document.getElementById(place);
      vegaEmbed(at, spec, { mode: "vega-lite", renderer: "svg", actions: false, ast: true }).then(() => {
        at.setAttribute("role", "img");
        at.setAttribute("aria-label", says);
        at.removeAttribute("aria-roledescription");
        at.querySelector("svg").setAttribute("aria-hidden", "true"); // its marks have no words of their own
        at.closest("figure").querySelector("details").open = false;
      });
    }
  }

  // languages

  function show(lang) {
    for (const part of all("[data-lang]")) part.hidden = part.dataset.lang !== lang;
    for (const button of all("[data-to]")) button.setAttribute("aria-pressed", String(button.dataset.to === lang));
    document.documentElement.lang = known.codes[lang];
    document.title = known.title[lang];
    draw(lang);
  }

  for (const button of all("[data-to]")) button.addEventListener("click", () => show(button.dataset.to));

  // the slider: a position is one of the curve's figures; a typed figure lies between two of them

  const now = { curve: 0, figure: known.curves.length ? known.curves[0].own : 0 };

  function chanceAt({ figures, chances }, x) {
    const k = figures.findIndex((figure) => figure >= x);
    if (k < 0) return chances[chances.length - 1];
    if (k === 0 || figures[k] === x) return chances[k];
    const share = (x - figures[k - 1]) / (figures[k] - figures[k - 1]);
    return chances[k - 1] + share * (chances[k] - chances[k - 1]);
  }

  function nearest({ figures }, x) {
    return figures.reduce((best, figure, k) => (Math.abs(figure - x) < Math.abs(figures[best] - x) ? k : best), 0);
  }

  function whole(chance) { // halves go to the even neighbour, as in the tables
    const shown = Math.round(100 * chance) - (Math.abs((100 * chance) % 1) === 0.5 && Math.round(100 * chance) % 2);
    return Math.min(Math.max(shown, 1), 99);
  }

  function say(at, lang) {
    const curve = known.curves[now.curve], sentences = known.sentences[lang], chance = chanceAt(curve, now.figure);
    const format = chance < 0.01 ? sentences.below : chance > 0.99 ? sentences.above : sentences.about;
    const phrase = known.phrases.find((one) => whole(chance) >= one.from)[lang];
    const own = now.figure === curve.own;
    const value = own ? curve.own_words[lang] : now.figure + curve.unit[lang];
    const [before, after] = (own ? sentences.own : sentences.other).split("{chance}");
    const strong = document.createElement("strong");
    strong.textContent = format.replace("{}", whole(chance));
    at.replaceChildren(...marked(put(before, { value, phrase }), lang), strong, ...marked(put(after, { value, phrase }), lang));
  }

  function marked(words, lang) { // Chinese among English words is marked as such, as in the tables
    if (lang === "zh") return [words];
    return words.split(/([\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+)/).map((part, k) => {
      if (k % 2 === 0) return part;
      const span = document.createElement("span");
      span.lang = known.codes.zh;
      span.textContent = part;
      return span;
    });
  }

  function render() {
    const curve = known.curves[now.curve];
    for (const root of all("[data-try]")) {
      const lang = root.dataset.try, [slider, field] = all("input", root);
      root.querySelector("select").value = now.curve;
      slider.max = curve.figures.length - 1;
      slider.value = nearest(curve, now.figure);
      slider.setAttribute("aria-valuetext", now.figure + curve.unit[lang]);
      field.step = curve.step;
      if (Number(field.value) !== now.figure || field.value === "") field.value = now.figure;
      const unit = lang === "zh" ? `（${curve.unit[lang]}）` : ` (${curve.unit[lang].trim()})`;
      root.querySelector(".unit").replaceChildren(...marked(unit, lang));
      say(root.querySelector("output"), lang);
    }
  }

  for (const root of all("[data-try]")) {
    const [slider, field] = all("input", root);
    const set = (curve, figure) => { Object.assign(now, { curve, figure }); render(); };
    root.querySelector("select").addEventListener("change", (event) => {
      const curve = Number(event.target.value);
      set(curve, known.curves[curve].own);
    });
    slider.addEventListener("input", () => set(now.curve, known.curves[now.curve].figures[Number(slider.value)]));
    field.addEventListener("input", () => { if (field.value !== "" && Number.isFinite(field.valueAsNumber)) set(now.curve, field.valueAsNumber); });
    root.querySelector("button").addEventListener("click", () => set(now.curve, known.curves[now.curve].own));
    root.hidden = false;
  }
  if (known.curves.length) render();

  document.querySelector(".switch").hidden = false;
  show(all("[data-to]").find((button) => button.getAttribute("aria-pressed") === "true").dataset.to);
})();
