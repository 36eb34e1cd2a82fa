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

// A table that is wider than its frame says so, and on a phone, where the names stay in sight, it
// begins with the column that its caption names. A frame also changes its size when it is unfolded.
const beginWithMainColumn = (frame) => {
  const main = frame.querySelector("th[data-main]");
  if (!main || frame.dataset.begun || !matchMedia("(max-width: 600px)").matches) return;
  frame.dataset.begun = "";
  const names = frame.querySelector("thead th").offsetWidth;
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
