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

// The theme forgets which button opened a list: closing the list gives the keyboard back to it.
document.addEventListener("DOMContentLoaded", () => {
  for (const side of ["primary", "secondary"]) {
    const list = document.querySelector(`#pst-${side}-sidebar-modal`);
    const button = document.querySelector(`.${side}-toggle`);
    if (list && button) list.addEventListener("close", () => button.focus());
  }
});
