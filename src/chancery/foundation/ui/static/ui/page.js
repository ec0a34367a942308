// The page works without this file; it moves the focus, brings into view what has it, and says that an act is at work.
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

  // An act that takes its time says so, and is not sent twice; without this the server knows the second by its token.
  var PATIENCE = 400; // milliseconds before it says so: a quick act changes no word
  var atWork = [];

  function startWork(form, button) {
    var said = document.querySelector("[data-working]");
    var work = { form: form, button: button, said: said, words: button ? Array.from(button.childNodes) : [] };
    work.pause = setTimeout(function () {
      said.textContent = said.dataset.working;
      if (button) button.textContent = said.dataset.working;
    }, PATIENCE);
    if (button) button.setAttribute("aria-disabled", "true");
    atWork.push(work);
  }

  function endWork(work) {
    clearTimeout(work.pause);
    work.said.textContent = "";
    if (!work.button) return;
    work.button.removeAttribute("aria-disabled");
    work.button.replaceChildren.apply(work.button, work.words);
  }

  function endAll() { atWork.splice(0).forEach(endWork); }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (atWork.some(function (work) { return work.form === form; })) event.preventDefault();
    else startWork(form, event.submitter);
  });

  // Who stops the loading may press again: the server knows a second sending by its token.
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") endAll();
  });

  // Whoever comes back to a page that the browser kept finds it as it was.
  window.addEventListener("pageshow", endAll);

  document.addEventListener("htmx:after:swap", function (event) {
    var target = event.target || document;
    if (target.matches && target.matches("[data-focus-after-swap]")) focusOn(target);
  });

  document.addEventListener("DOMContentLoaded", function () {
    var box = document.querySelector("[data-focus]");
    if (box) box.focus();
    // On a phone the pages of an edition, and panes, are one row that scrolls: the current one is in view, and the one
    // that takes the focus.
    var row = document.querySelector(".desks > ul");
    if (row) {
      var current = row.querySelector("[aria-current]");
      if (current) show(current);
      row.addEventListener("focusin", function (event) { show(event.target); });
    }
    document.querySelectorAll("[data-print]").forEach(function (button) { button.hidden = false; });
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-print]") : null;
    if (button) window.print();
  });
})();
