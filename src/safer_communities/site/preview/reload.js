// Loads the page again when the book was built anew, and shows what stopped a build.
(function () {
  "use strict";
  var first = null;

  function tell(problem) {
    var told = document.getElementById("preview-problem");
    if (!problem) {
      if (told) told.remove();
      return;
    }
    if (!told) {
      told = document.createElement("pre");
      told.id = "preview-problem";
      told.setAttribute("role", "alert");
      told.style.cssText =
        "position:fixed;inset:auto 0 0 0;z-index:9999;margin:0;padding:1rem;max-height:60vh;" +
        "overflow:auto;white-space:pre-wrap;background:#fff;color:#111;border-top:4px solid #801650";
      document.body.append(told);
    }
    told.textContent = "This is the last page that could be built.\n\n" + problem;
  }

  function ask(seen) {
    fetch("/_preview/state?seen=" + seen)
      .then(function (answer) {
        return answer.json();
      })
      .then(function (state) {
        if (first === null) first = state.built;
        if (state.built !== first) location.reload();
        tell(state.problem);
        ask(state.number);
      })
      .catch(function () {
        // The preview was stopped, or starts again.
        setTimeout(ask, 1000, -1);
      });
  }

  ask(-1);
})();
