// A page opened from a folder may not read other pages, so its search shows titles without
// quotations instead of an error for each.
if (location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// The link that hides the marks of a search is a script in an address, which the pages' policy
// forbids: this does what it says.
document.addEventListener("click", (event) => {
  if (event.target.closest(".highlight-link a")) {
    event.preventDefault();
    SphinxHighlight.hideSearchWords();
  }
});

// A table that is wider than its frame says so, and where the names stay in sight, it
// begins with the column that its caption names. A frame also changes its size when it is unfolded.
const beginWithMainColumn = (frame) => {
  const main = frame.querySelector("th[data-main]");
  if (!main || frame.dataset.begun || !matchMedia("(max-width: 1199.98px)").matches) return;
  frame.dataset.begun = "";
  const [first, second] = frame.querySelectorAll("thead th");
  let names = first.offsetWidth;
  const table = frame.querySelector("table[data-two-names]");
  if (table) {
    table.style.setProperty("--first-name", `${names}px`);
    names += second.offsetWidth;
  }
  if (main.offsetLeft + main.offsetWidth > frame.clientWidth) {
    frame.scrollLeft = main.offsetLeft - names;
  }
};

document.addEventListener("DOMContentLoaded", () => {
  for (const frame of document.querySelectorAll(".table-scroll")) {
    const cue = document.createElement("p");
    cue.className = "table-scroll-cue";
    cue.textContent = "Scroll the table sideways to see all of it.";
    frame.before(cue);
    new ResizeObserver(() => {
      cue.hidden = frame.scrollWidth <= frame.clientWidth;
      if (!cue.hidden) beginWithMainColumn(frame);
    }).observe(frame);
  }
});

// The theme forgets which button opened a list: closing the list gives the keyboard back to it.
document.addEventListener("DOMContentLoaded", () => {
  for (const side of ["primary", "secondary"]) {
    const list = document.querySelector(`#pst-${side}-sidebar-modal`);
    const button = document.querySelector(`.${side}-toggle`);
    if (list && button) list.addEventListener("close", () => button.focus());
  }
});

// An address that leads into a folded part unfolds it. So does a search, for what it marks.
const unfold = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const found = [target, ...document.querySelectorAll("details.folded .highlighted")];
  for (const part of found) {
    for (let at = part; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  }
  if (target && target.closest("details")) target.scrollIntoView();
};
addEventListener("hashchange", unfold);
document.addEventListener("DOMContentLoaded", () => setTimeout(unfold));

// A long table that readers may choose rows of: one list for each of the columns that it names.
const addFilters = (table) => {
  const headings = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  const form = document.createElement("form");
  form.className = "table-filter";
  const count = document.createElement("output");
  const choices = table.dataset.filter.split("|").map((name) => {
    const column = headings.indexOf(name);
    const label = form.appendChild(document.createElement("label"));
    const list = document.createElement("select");
    list.append(new Option("all", ""));
    const values = new Set(rows.map((row) => row.cells[column].textContent.trim()));
    for (const value of values) list.append(new Option(value, value));
    label.append(`${name}: `, list);
    return [column, list];
  });
  const choose = () => {
    for (const row of rows) {
      row.hidden = choices.some(
        ([column, list]) => list.value && row.cells[column].textContent.trim() !== list.value,
      );
    }
    count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows`;
  };
  form.append(count);
  form.addEventListener("change", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  table.closest(".exhibit").before(form);
  choose();
};

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("table[data-filter]").forEach(addFilters);
});
