"use strict";
(() => {
  const STANCE_COLORS = ["#D55E00", "#0072B2", "#8a8f94", "#009E73", "#CC79A7", "#E69F00"];
  const ROW = 58, MARGIN = 6, FEW_EDGES = 24;
  const WORD_CONCEPT = "word-concept";

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const drawn = (name, attributes = {}, text = null) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== null) made.textContent = text;
    return made;
  };

  // Tables: a click or Enter on a heading sorts, numbers by their value.
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = element("button", { type: "button" }, ...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const numeric = heading.classList.contains("number");
        const before = heading.getAttribute("aria-sort");
        const ascending = before ? before === "descending" : !numeric;
        const key = (row) => {
          const cell = row.cells[column];
          if (!numeric) return cell.textContent.trim();
          const value = parseFloat(cell.dataset.value ?? cell.textContent);
          return Number.isNaN(value) ? -Infinity : value;
        };
        const order = numeric ? (a, b) => key(a) - key(b) : (a, b) => key(a).localeCompare(key(b), "en", { numeric: true });
        const rows = [...body.rows].sort((a, b) => (ascending ? order(a, b) : order(b, a)));
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        body.append(...rows);
      });
    });
  }

  const flag = document.getElementById("flag"), flagScore = document.getElementById("flag-score");
  const showBreakdown = () => {
    for (const part of document.querySelectorAll(".breakdown")) {
      part.hidden = part.dataset.flag !== flag.value || part.dataset.score !== flagScore.value;
    }
  };
  if (flag) for (const choice of [flag, flagScore]) choice.addEventListener("change", showBreakdown);

  // Samples.
  if (!document.getElementById("samples")) return;
  const data = JSON.parse(document.getElementById("data").textContent);
  const colors = JSON.parse(document.getElementById("colors").textContent);
  const list = document.getElementById("list"), spacer = document.getElementById("spacer");
  const detail = document.getElementById("detail"), count = document.getElementById("count");
  const total = data.ids.length;
  const target = (index) => data.targets.values[data.targets.index[index]];
  const searched = data.ids.map((id, index) => `${id}\n${target(index)}\n${data.texts[index] ?? ""}`.toLowerCase());
  let shown = [], chosen = -1, method = null;

  const filters = document.getElementById("filters");
  const fields = {};
  const addSelect = (name, label, options) => {
    const select = element("select", { id: `filter-${name}` }, element("option", { value: "" }, "all"));
    for (const [value, text] of options) select.append(element("option", { value }, text));
    select.addEventListener("change", filter);
    filters.append(element("label", {}, label, select));
    fields[name] = select;
  };
  const search = element("input", { type: "search", id: "search", placeholder: "word, id or target" });
  let waiting = null;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  filters.append(element("label", {}, "search", search));
  const numbered = (values) => values.map((value, index) => [String(index), value || "(none)"]);
  const groups = data.predictions ?? [];
  if (groups.length) {
    const group = element("select", { id: "filter-group" });
    groups.forEach((one, index) => group.append(element("option", { value: index }, one.group)));
    group.addEventListener("change", filter);
    filters.append(element("label", {}, "predictions of", group));
    fields.group = group;
    addSelect("verdict", "verdict", [["right", "right"], ["wrong", "wrong"]]);
    addSelect("predicted", "predicted", numbered(data.stances));
  }
  addSelect("gold", "gold", numbered(data.stances));
  addSelect("target", "target", numbered(data.targets.values));
  const flags = Object.entries(data.flags ?? {});
  flags.forEach(([name, column], number) => {
    if (column.values.length <= 300) addSelect(`flag${number}`, name.replaceAll("_", " "), numbered(column.values));
  });

  const current = () => (groups.length ? groups[Number(fields.group.value)] : null);
  const isRight = (index) => (data.gold[index] === null ? null : current().predicted[index] === data.gold[index]);

  function filter() {
    const words = search.value.toLowerCase().trim();
    const wanted = (name) => (fields[name] && fields[name].value !== "" ? fields[name].value : null);
    const gold = wanted("gold"), place = wanted("target"), predicted = wanted("predicted"), verdict = wanted("verdict");
    const chosenFlags = flags.map(([, column], number) => [column, wanted(`flag${number}`)]).filter(([, value]) => value !== null);
    const group = current();
    shown = [];
    for (let index = 0; index < total; index += 1) {
      if (gold !== null && data.gold[index] !== Number(gold)) continue;
      if (place !== null && data.targets.index[index] !== Number(place)) continue;
      if (predicted !== null && group.predicted[index] !== Number(predicted)) continue;
      if (verdict !== null && isRight(index) !== (verdict === "right")) continue;
      if (chosenFlags.some(([column, value]) => column.index[index] !== Number(value))) continue;
      if (words && !searched[index].includes(words)) continue;
      shown.push(index);
    }
    count.textContent = `${shown.length.toLocaleString("en")} of ${total.toLocaleString("en")} samples`;
    list.scrollTop = 0;
    choose(shown.includes(chosen) ? shown.indexOf(chosen) : 0);
  }

  // Only the rows in sight are in the document. A browser cannot draw an element of a hundred million pixels; rows are few
  // enough here to need no more than a tall spacer.
  function drawRows() {
    spacer.style.height = `${shown.length * ROW}px`;
    for (const row of list.querySelectorAll(".row")) row.remove();
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - MARGIN);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + MARGIN);
    for (let place = first; place < last; place += 1) list.append(row(place));
  }

  function row(place) {
    const index = shown[place];
    const made = element("div", { class: "row", role: "option", "aria-selected": String(index === chosen) });
    made.style.top = `${place * ROW}px`;
    const verdict = element("span");
    if (groups.length) {
      const right = isRight(index);
      verdict.className = right === null ? "" : right ? "right" : "wrong";
      verdict.textContent = `${right === null ? "" : right ? "✓ " : "✗ "}${data.stances[current().predicted[index]]}`;
    }
    made.append(element("div", { class: "head" }, element("strong", {}, target(index)), verdict));
    made.append(element("div", { class: "text" }, data.texts[index] ?? data.ids[index]));
    made.addEventListener("click", () => choose(place));
    return made;
  }

  function choose(place) {
    if (!shown.length) {
      chosen = -1;
      detail.replaceChildren(element("p", {}, "No sample is like that."));
      drawRows();
      return;
    }
    const bounded = Math.max(0, Math.min(shown.length - 1, place));
    chosen = shown[bounded];
    const top = bounded * ROW;
    if (top < list.scrollTop) list.scrollTop = top;
    if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
    drawRows();
    drawDetail(chosen);
  }
  list.addEventListener("scroll", drawRows);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(shown.indexOf(chosen) + step);
  });

  function drawDetail(index) {
    const explained = (data.explanations ?? [])[index] ?? null;
    const methods = explained ? [...new Set([...explained.words, ...explained.concepts].flatMap((part) => Object.keys(part.scores)))] : [];
    if (!methods.includes(method)) method = methods[0] ?? null;
    const told = [`id ${data.ids[index]}`, `gold ${data.gold[index] === null ? "unknown" : data.stances[data.gold[index]]}`];
    for (const [name, column] of flags) {
      const value = column.values[column.index[index]];
      if (value) told.push(`${name.replaceAll("_", " ")} ${value}`);
    }
    detail.replaceChildren();
    const parts = explained ? explained.words.filter((word) => word.in_target) : [];
    const largest = explained ? Math.max(1e-9, ...[...explained.words, ...explained.concepts].map((part) => Math.abs(part.scores[method] ?? 0))) : 1;
    detail.append(element("h3", {}, ...(parts.length ? tinted(parts, largest, target(index)) : [target(index)])));
    detail.append(element("p", { class: "meta" }, told.join(" · ")));
    const text = explained ? explained.words.filter((word) => !word.in_target) : [];
    const post = text.length ? tinted(text, largest, data.texts[index] ?? "") : [data.texts[index] ?? "(The text is not here: its corpus was not found.)"];
    detail.append(element("p", { class: "post" }, ...post));
    if (explained) detail.append(explanationLegend(methods, index));
    if (groups.length) detail.append(element("h4", {}, "Predictions"), bars(index), stanceLegend());
    const graph = data.graphs[index] ?? null;
    if (graph && graph.concepts.length) {
      const edges = graph.edges.length;
      detail.append(element("h4", {}, `Concepts (${graph.concepts.length})`), drawGraph(graph, explained, largest));
      if (edges > FEW_EDGES) detail.append(element("p", { class: "meta" }, "Point at an edge to read its relation."));
    } else if (!data.no_graphs && (graph || (data.texts[index] ?? null) !== null)) {
      const drawn = `which has those of the first ${data.graphs.length.toLocaleString("en")} samples`;
      const why = graph ? "This sample is linked with none." : `Its graph is not on this page, ${drawn}.`;
      detail.append(element("h4", {}, "Concepts"), element("p", { class: "meta" }, why));
    }
    detail.scrollTop = 0;
  }

  function tint(value, largest) {
    const strength = Math.min(1, Math.abs(value) / largest);
    return value >= 0 ? `rgba(0, 114, 178, ${(0.75 * strength).toFixed(3)})` : `rgba(213, 94, 0, ${(0.75 * strength).toFixed(3)})`;
  }

  // Words with what stands between them in the text.
  function tinted(parts, largest, whole) {
    let position = 0;
    const pieces = parts.flatMap((part) => {
      const value = part.scores[method] ?? 0;
      const span = element("span", { class: "word", title: `${method}: ${value.toFixed(4)}` }, part.text);
      span.style.background = tint(value, largest);
      const start = whole.indexOf(part.text, position);
      const between = start < 0 ? " " : whole.slice(position, start);
      if (start >= 0) position = start + part.text.length;
      return [between, span];
    });
    return [...pieces, whole.slice(position)];
  }

  function explanationLegend(methods, index) {
    const select = element("select", { id: "method" });
    for (const name of methods) select.append(element("option", { value: name }, name.replaceAll("_", " ")));
    select.value = method;
    select.addEventListener("change", () => { method = select.value; drawDetail(index); });
    const swatch = (value, text) => {
      const square = element("span", { class: "swatch" });
      square.style.background = tint(value, 1);
      return element("span", {}, square, text);
    };
    const predicted = data.stances[data.explanations[index].predicted];
    return element("div", { class: "legend" }, element("label", {}, "method ", select), swatch(0.8, `speaks for ${predicted}`), swatch(-0.8, "speaks against it"));
  }

  function bars(index) {
    const made = element("div", { class: "bars" });
    for (const group of groups) {
      const right = data.gold[index] === null ? null : group.predicted[index] === data.gold[index];
      const mark = right === null ? "" : right ? "✓ " : "✗ ";
      made.append(element("span", { class: right === null ? "" : right ? "right" : "wrong" }, mark + group.group));
      const bar = element("div", { class: "bar" });
      group.probabilities[index].forEach((value, stance) => {
        const part = element("span", { title: `${data.stances[stance]} ${(value / 10).toFixed(1)} %` }, value >= 120 ? `${Math.round(value / 10)} %` : "");
        part.style.width = `${value / 10}%`;
        part.style.background = STANCE_COLORS[stance % STANCE_COLORS.length];
        bar.append(part);
      });
      made.append(bar);
    }
    return made;
  }

  function stanceLegend() {
    const made = element("div", { class: "legend" });
    data.stances.forEach((stance, index) => {
      const square = element("span", { class: "swatch" });
      square.style.background = STANCE_COLORS[index % STANCE_COLORS.length];
      made.append(element("span", {}, square, stance));
    });
    return made;
  }

  // The graph of a sample: linked words of the target to the left, of the text to the right, concepts between them: those
  // that a word of the target mentions, those that neither does, those that a word of the text does.
  function drawGraph(graph, explained, largest) {
    const numWords = graph.words.length;
    const relation = (edge) => data.relations[edge[2]] ?? String(edge[2]);
    const links = graph.edges.filter((edge) => relation(edge) === WORD_CONCEPT && edge[0] < numWords && edge[1] >= numWords);
    const ofTarget = new Set(), ofText = new Set(), words = new Set();
    for (const [head, tail] of links) {
      words.add(head);
      (head < graph.num_target_words ? ofTarget : ofText).add(tail);
    }
    const columns = [[], [], [], [], []];
    for (const word of [...words].sort((a, b) => a - b)) columns[word < graph.num_target_words ? 0 : 4].push(word);
    graph.concepts.forEach((_, concept) => {
      const node = numWords + concept;
      columns[ofTarget.has(node) ? 1 : ofText.has(node) ? 3 : 2].push(node);
    });
    const used = columns.filter((column) => column.length);
    const label = (node) => (node < numWords ? graph.words[node] : graph.concepts[node - numWords]);
    const height = 24, gap = 11, between = 92, box = new Map();
    const tallest = Math.max(...used.map((column) => column.length)) * (height + gap);
    let left = 4;
    used.forEach((column) => {
      const width = Math.max(...column.map((node) => Math.min(26, label(node).length) * 7.1 + 18));
      const start = 6 + (tallest - column.length * (height + gap)) / 2;
      column.forEach((node, place) => box.set(node, { left, top: start + place * (height + gap), width }));
      left += width + between;
    });
    const width = left - between + 60;
    const picture = drawn("svg", { width, height: tallest + 8, viewBox: `0 0 ${width} ${tallest + 8}`, role: "img", "aria-label": "concepts of the sample" });
    const seen = new Set();
    for (const edge of graph.edges) {
      const [head, tail] = edge, from = box.get(head), to = box.get(tail);
      if (!from || !to) continue;
      const key = [Math.min(head, tail), Math.max(head, tail)].join() + relation(edge).replace(/^reverse of |^-|\^-1$|_inverse$/, "");
      if (seen.has(key)) continue;
      seen.add(key);
      picture.append(drawEdge(from, to, relation(edge), `${label(head)} – ${relation(edge)} – ${label(tail)}`));
    }
    for (const [node, place] of box) {
      const part = node >= numWords && explained ? explained.concepts[node - numWords] : null;
      picture.append(drawNode(place, label(node), node < numWords ? (node < graph.num_target_words ? "target" : "text") : "concept", part, largest));
    }
    return element("div", { class: seen.size > FEW_EDGES ? "graph many" : "graph" }, picture);
  }

  function drawEdge(from, to, name, title) {
    const group = drawn("g", { class: "edge" });
    const y1 = from.top + 12, y2 = to.top + 12;
    let path, x, y = (y1 + y2) / 2 + 3;
    if (from.left === to.left) {
      const right = from.left + from.width, bend = right + 16 + Math.min(40, Math.abs(y1 - y2) / 4);
      path = `M${right},${y1} C${bend},${y1} ${bend},${y2} ${right},${y2}`;
      x = right + 0.75 * (bend - right);
    } else {
      const [a, b, ya, yb] = from.left < to.left ? [from, to, y1, y2] : [to, from, y2, y1];
      const start = a.left + a.width, end = b.left, middle = (start + end) / 2;
      path = `M${start},${ya} C${middle},${ya} ${middle},${yb} ${end},${yb}`;
      x = middle;
    }
    group.append(drawn("path", { d: path, ...(name === WORD_CONCEPT ? { "stroke-dasharray": "3 3" } : {}) }));
    if (name !== WORD_CONCEPT) group.append(drawn("text", { class: "name", x, y, "text-anchor": "middle" }, name));
    group.append(drawn("title", {}, title));
    return group;
  }

  function drawNode(place, text, kind, part, largest) {
    const group = drawn("g", { class: `node ${kind}` });
    const value = part ? part.scores[method] ?? 0 : null;
    const grown = value === null ? 0 : 4 * Math.min(1, Math.abs(value) / largest);
    const fill = value === null ? colors[kind] : value >= 0 ? "#0072B2" : "#D55E00";
    const opacity = value === null ? 1 : 0.04 + 0.96 * Math.min(1, Math.abs(value) / largest);
    group.append(drawn("rect", { x: place.left - grown, y: place.top - grown, width: place.width + 2 * grown, height: 24 + 2 * grown, rx: 6, fill: "white", stroke: value === null ? "none" : "#b9c0c6" }));
    group.append(drawn("rect", { x: place.left - grown, y: place.top - grown, width: place.width + 2 * grown, height: 24 + 2 * grown, rx: 6, fill, "fill-opacity": opacity }));
    const short = text.length > 26 ? `${text.slice(0, 25)}…` : text;
    const dark = opacity < 0.6;
    group.append(drawn("text", { x: place.left + place.width / 2, y: place.top + 16, "text-anchor": "middle", "font-size": 12.5, fill: dark ? "#1d2329" : "white", ...(grown > 3 ? { "font-weight": 700 } : {}) }, short));
    group.append(drawn("title", {}, value === null ? text : `${text}: ${value.toFixed(4)}`));
    return group;
  }

  window.addEventListener("resize", drawRows);
  filter();
})();
