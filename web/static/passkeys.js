// Asks the browser for a passkey when a form is sent, and sends its answer with the form.
// Everything else works without a script; a form that needs this one is hidden until it runs.
(() => {
  "use strict";
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const create = async (asked) => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: named(asked.excludeCredentials),
      },
    });
    return [made, { attestationObject: text(made.response.attestationObject) }];
  };
  const get = async (asked) => {
    const made = await navigator.credentials.get({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        allowCredentials: named(asked.allowCredentials),
      },
    });
    const { authenticatorData, signature, userHandle } = made.response;
    return [
      made,
      {
        authenticatorData: text(authenticatorData),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
    ];
  };
  const ask = async (form) => {
    const way = form.dataset.passkey === "create" ? create : get;
    const [made, response] = await way(JSON.parse(form.dataset.options));
    return JSON.stringify({
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: { ...response, clientDataJSON: text(made.response.clientDataJSON) },
    });
  };

  if (!window.PublicKeyCredential) return;
  for (const without of document.querySelectorAll("[data-without-passkeys]")) without.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const answer = form.elements.credential;
    const trouble = form.querySelector("[data-trouble]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (answer.value) return;
      event.preventDefault();
      trouble.hidden = true;
      try {
        answer.value = await ask(form);
      } catch {
        trouble.hidden = false;
        trouble.focus();
        return;
      }
      form.requestSubmit();
    });
  }
})();
