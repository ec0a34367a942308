// The page works without this file; it only moves the focus after a swap and sends a form that asks to be sent early.
(function () {
  "use strict";

  function focusOn(root) {
    var target = root.querySelector("[data-focus]") || root.querySelector("[role=alert], h1[tabindex]");
    if (target) {
      if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
      target.focus();
    }
  }

  document.addEventListener("htmx:after:swap", function (event) {
    var target = event.target || document;
    if (target.matches && target.matches("[data-focus-after-swap]")) focusOn(target);
  });

  document.addEventListener("DOMContentLoaded", function () {
    var box = document.querySelector("[data-focus]");
    if (box) box.focus();
    document.querySelectorAll("[data-print]").forEach(function (button) { button.hidden = false; });
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-print]") : null;
    if (button) window.print();
  });
})();
