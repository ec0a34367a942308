// Says what is left of a sum while amounts are typed. Without this file the server says so once they are sent.
(function () {
  "use strict";

  function minorOf(typed, digits) {
    if (!typed.trim()) return 0;
    var parts = typed.trim().match(/^(?=\.?[0-9])([0-9]*)\.?([0-9]*)$/);
    if (!parts || parts[2].length > digits) return NaN;
    return Number(parts[1] + parts[2].padEnd(digits, "0"));
  }

  function wordsOf(said, amounts) {
    var digits = Number(said.digits), left = Number(said.leftOf);
    amounts.forEach(function (field) { left -= minorOf(field.value, digits); });
    if (isNaN(left)) return said.unread;
    var style = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "always" };
    var figure = new Intl.NumberFormat(document.documentElement.lang, style).format(Math.abs(left) / Math.pow(10, digits));
    return (left < 0 ? said.over : said.left).replace("{sum}", figure);
  }

  function prepare(line) {
    var amounts = line.form.querySelectorAll("[name=amount]"), pause;
    function say() { line.value = wordsOf(line.dataset, amounts); }
    // A pause, so that a reader that speaks says the sum and not each digit.
    line.form.addEventListener("input", function () { clearTimeout(pause); pause = setTimeout(say, 300); });
    line.hidden = false;
    say();
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("output[data-left-of]").forEach(prepare);
  });
})();
