// The page works without this file; it only moves the focus and brings into view what has it.
(function () {
  "use strict";

  function focusOn(root) {
    var target = root.querySelector("[data-focus]") || root.querySelector("[role=alert], h1[tabindex]");
    if (target) {
      if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
      target.focus();
    }
  }

  function show(desk) {
    var row = desk.closest("ul"), at = desk.getBoundingClientRect(), room = row.getBoundingClientRect();
    row.scrollLeft += at.left - room.left - (room.width - at.width) / 2;
  }

  document.addEventListener("htmx:after:swap", function (event) {
    var target = event.target || document;
    if (target.matches && target.matches("[data-focus-after-swap]")) focusOn(target);
  });

  document.addEventListener("DOMContentLoaded", function () {
    var box = document.querySelector("[data-focus]");
    if (box) box.focus();
    // On a phone the desks are one row that scrolls: the current one is in view, and the one that takes the focus.
    var desks = document.querySelector(".desks");
    if (desks) {
      var current = desks.querySelector("[aria-current]");
      if (current) show(current);
      desks.addEventListener("focusin", function (event) { show(event.target); });
    }
    document.querySelectorAll("[data-print]").forEach(function (button) { button.hidden = false; });
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-print]") : null;
    if (button) window.print();
  });
})();
