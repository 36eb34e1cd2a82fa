// Charts to point at, to step through and to take away. What their marks say and where they stand
// is in the page; a layer over each picture shows it. Without a script there is the table below.
document.addEventListener("DOMContentLoaded", () => {
  const phone = matchMedia("(max-width: 600px)");

  const made = (parent, name, attributes = {}, text = "") => {
    const svg = ["svg", "g", "path", "circle"].includes(name);
    const element = svg
      ? document.createElementNS("http://www.w3.org/2000/svg", name)
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text) element.textContent = text;
    return parent.appendChild(element);
  };

  // The layer of one chart: `choose` marks an area for good, as the page's list of areas does.
  const layerOf = (source) => {
    const marks = JSON.parse(source.textContent);
    const figure = source.closest("figure");
    // A search marks its words wherever they are, in data too.
    source.remove();
    const frame = figure.querySelector(".chart-frame");
    const image = frame.querySelector("img");
    // A card is named by the heading above it.
    const named = figure.querySelector(".exhibit-headline");
    const headline = named ? named.textContent : figure.getAttribute("aria-label");
    const layer = made(frame, "div", {
      class: "chart-layer",
      role: "application",
      tabindex: "0",
      "aria-label": `Values of the chart, one by one with the arrow keys: ${headline}`,
    });
    const sheet = made(layer, "svg", { "aria-hidden": "true" });
    const told = made(layer, "div", { class: "chart-told", role: "status", hidden: "" });
    const chosen = made(figure, "div", { class: "chart-chosen", hidden: "" });
    frame.after(chosen);
    const outlines = made(sheet, "g");
    for (const shape of marks.shapes || []) made(outlines, "path", { d: `${shape}Z` });
    const rings = ["chosen", "pointed"].map((name) =>
      made(sheet, "circle", { class: name, r: "9", hidden: "" }),
    );
    const sides = (of) => ["width", "height"].map((side) => Number(of.getAttribute(side)));
    const size = { wide: sides(image), narrow: sides(frame.querySelector("source") || image) };
    let at = -1;
    let kept = -1;

    const drawing = () => (phone.matches ? "narrow" : "wide");
    const place = (index) => marks[drawing()].slice(2 * index, 2 * index + 2);
    const words = (index) => `${marks.said}${marks.values[index]}`;

    const ring = (circle, index, name) => {
      circle.toggleAttribute("hidden", index < 0);
      [...outlines.children].forEach((path, each) => path.classList.toggle(name, each === index));
      if (index < 0) return;
      const [x, y] = place(index);
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
    };

    // Beside the mark, or where the reader points at an outline; always within the picture.
    const show = (index, pointed) => {
      at = index;
      ring(rings[1], index, "pointed");
      told.hidden = index < 0;
      if (index < 0) return;
      told.replaceChildren();
      made(told, "strong", {}, `${marks.names[index]}:`);
      told.append(` ${words(index)}`);
      const scale = layer.offsetWidth / size[drawing()][0];
      const [x, y] = (pointed || place(index)).map((each) => each * scale);
      const room = layer.offsetWidth - told.offsetWidth;
      const above = y - told.offsetHeight - 14;
      told.style.left = `${Math.max(0, Math.min(room, x - told.offsetWidth / 2))}px`;
      told.style.top = `${above > 0 ? above : y + 14}px`;
    };

    const fit = () => {
      sheet.setAttribute("viewBox", `0 0 ${size[drawing()].join(" ")}`);
      outlines.setAttribute("transform", `scale(${phone.matches ? marks.scale || 1 : 1})`);
      ring(rings[0], kept, "chosen");
      show(-1);
    };

    const nearest = (event) => {
      const box = layer.getBoundingClientRect();
      const [width, height] = size[drawing()];
      const x = ((event.clientX - box.left) / box.width) * width;
      const y = ((event.clientY - box.top) / box.height) * height;
      const scale = phone.matches ? marks.scale || 1 : 1;
      const inside = [...outlines.children].findIndex((path) =>
        path.isPointInFill(new DOMPoint(x / scale, y / scale)),
      );
      if (inside >= 0) return [inside, [x, y]];
      // In a chart of rows the row counts, over time the date.
      const [across, down] = { x: [6, 1], y: [1, 60] }[marks.near] || [1, 1];
      let found = -1;
      let least = Infinity;
      for (let index = 0; index < marks.names.length; index += 1) {
        const [left, top] = place(index);
        const far = across * Math.abs(left - x) + down * Math.abs(top - y);
        if (far < least) [found, least] = [index, far];
      }
      return [found];
    };

    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    layer.addEventListener("keydown", (event) => {
      const last = marks.names.length - 1;
      if (event.key === "Escape") show(-1);
      else if (event.key === "Home") show(0);
      else if (event.key === "End") show(last);
      else if (event.key in steps) show(Math.min(last, Math.max(0, at + steps[event.key])));
      else return;
      event.preventDefault();
    });
    layer.addEventListener("focus", () => {
      if (layer.matches(":focus-visible") && at < 0) show(Math.max(kept, 0));
    });
    layer.addEventListener("blur", () => show(-1));
    for (const kind of ["pointermove", "pointerdown"]) {
      layer.addEventListener(kind, (event) => show(...nearest(event)));
    }
    layer.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") show(-1);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!layer.contains(event.target)) show(-1);
    });
    phone.addEventListener("change", fit);
    fit();

    const choose = (name) => {
      kept = marks.names.indexOf(name);
      ring(rings[0], kept, "chosen");
      chosen.hidden = kept < 0;
      chosen.textContent = kept < 0 ? "" : `${name}: ${words(kept)}`;
    };
    return { figure, names: marks.areas ? marks.names : [], choose };
  };

  const layers = [...document.querySelectorAll("script.chart-marks")].map(layerOf);

  // One list of areas for the page; the choice stands in the address after "#".
  const ofAreas = layers.filter((layer) => layer.names.length);
  if (ofAreas.length) {
    const form = document.createElement("form");
    form.className = "chart-areas";
    const label = made(form, "label", {}, "Mark a place in the charts and tables of this page: ");
    const list = made(label, "select");
    list.append(new Option("none", ""));
    const names = new Set(ofAreas.flatMap((layer) => layer.names));
    for (const name of [...names].sort()) list.append(new Option(name, name));
    ofAreas[0].figure.before(form);
    const heads = [...document.querySelectorAll(".exhibit tbody th[scope=row]")];
    const choose = () => {
      for (const layer of ofAreas) layer.choose(list.value);
      for (const head of heads) {
        const own = list.value !== "" && head.textContent.trim() === list.value;
        head.parentElement.classList.toggle("chosen", own);
      }
    };
    const read = () => {
      const asked = new URLSearchParams(location.hash.slice(1)).get("mark");
      if (asked === null) return;
      list.value = names.has(asked) ? asked : "";
      choose();
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    list.addEventListener("change", () => {
      location.replace(`#mark=${encodeURIComponent(list.value)}`);
      choose();
    });
    addEventListener("hashchange", read);
    read();
  }

  // A picture of what the drawing to take away shows, twice as large. A page opened from a folder
  // may not read a picture's points, so there it stays with the drawing.
  const picture = async (link) => {
    const image = new Image();
    image.src = link.href;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.naturalWidth, 2 * image.naturalHeight];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const file = await new Promise((done) => canvas.toBlob(done));
    const saved = document.createElement("a");
    saved.href = URL.createObjectURL(file);
    saved.download = link.download.replace(/svg$/, "png");
    saved.click();
    setTimeout(() => URL.revokeObjectURL(saved.href), 60000);
  };
  for (const link of document.querySelectorAll("a.chart-drawing")) {
    if (location.protocol === "file:") break;
    const item = document.createElement("li");
    const name = link.getAttribute("aria-label").replace("Drawing (SVG)", "Picture (PNG)");
    const button = made(item, "button", { type: "button", "aria-label": name }, "Picture (PNG)");
    button.addEventListener("click", () => picture(link));
    link.parentElement.before(item);
  }

  // Where the site has no address of its own, a citation gets that of the page as it is read.
  for (const cite of document.querySelectorAll(".chart-cite")) {
    const words = cite.querySelector("p");
    const address = cite.querySelector(".chart-address");
    if (address && location.protocol !== "file:") {
      address.textContent = `${location.href.split("#")[0]}#${cite.closest("figure").id}`;
    }
    const button = made(cite, "button", { type: "button" }, "Copy");
    button.addEventListener("click", async () => {
      getSelection().selectAllChildren(words);
      await navigator.clipboard?.writeText(words.textContent).then(
        () => (button.textContent = "Copied"),
        () => (button.textContent = "Marked: copy it with the keyboard"),
      );
    });
  }
});
