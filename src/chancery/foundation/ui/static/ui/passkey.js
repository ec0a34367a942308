// Lets a form ask the browser for a passkey. Without this file the page says what to do instead.
(function () {
  "use strict";

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function question(form) {
    var asked = JSON.parse(form.dataset.passkeyOptions);
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    (asked.allowCredentials || []).concat(asked.excludeCredentials || []).forEach(function (each) {
      each.id = bytes(each.id);
    });
    return { publicKey: asked };
  }

  function answer(made) {
    var said = { clientDataJSON: text(made.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature"].forEach(function (part) {
      if (made.response[part]) said[part] = text(made.response[part]);
    });
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response: said });
  }

  function prepare(form) {
    var failed = form.querySelector("[data-passkey-failed]");
    form.querySelector("[data-passkey-without]").hidden = true;
    form.querySelector("button").hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      failed.hidden = true;
      navigator.credentials[form.dataset.passkey](question(form)).then(function (made) {
        form.elements.answer.value = answer(made);
        form.submit();
      }).catch(function () {
        failed.hidden = false;
        failed.focus();
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(prepare);
  });
})();
