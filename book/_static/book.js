// A page opened from a folder may not read other pages, so its search shows titles without
// quotations instead of an error for each.
if (location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// The theme forgets which button opened a list: closing the list gives the keyboard back to it.
document.addEventListener("DOMContentLoaded", () => {
  for (const side of ["primary", "secondary"]) {
    const list = document.querySelector(`#pst-${side}-sidebar-modal`);
    const button = document.querySelector(`.${side}-toggle`);
    if (list && button) list.addEventListener("close", () => button.focus());
  }
});
