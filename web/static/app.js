// On a person's own device, never on a shared one: has pages kept, and brings to her drafts what
// she wrote without a network.
(() => {
  "use strict";
  const NAME = "maillage-drafts", { reader } = document.currentScript.dataset;
  const find = (selector) => document.querySelector(selector);
  if (navigator.serviceWorker) navigator.serviceWorker.register("/service-worker.js").catch(() => {});

  // Texts by the key of their form; those of somebody else go.
  let texts = {};
  const store = () => {
    try { localStorage.setItem(NAME, JSON.stringify({ reader, texts })); } catch { /* no room */ }
  };
  try {
    const found = JSON.parse(localStorage.getItem(NAME));
    if (reader && found) found.reader === reader ? ({ texts } = found) : store();
  } catch { /* nothing is kept */ }
  const drop = (slot) => { delete texts[slot]; store(); };
  window.drafts = { texts, drop, put: (slot, text) => { texts[slot] = text; store(); } };

  // This page says that what was sent has arrived.
  if (/[?&](published|changed)=1|^\/scheduled/.test(location.search || location.pathname))
    Object.keys(texts).filter((slot) => texts[slot].sent).forEach(drop);
  const told = find("[data-synced]"), token = find("#do [name=form_token]");
  const send = async () => {
    for (const slot of Object.keys(texts)) {
      const data = new FormData();
      texts[slot].fields.forEach((field) => data.append(...field));
      data.set("form_token", token.value);
      data.set("do", "keep");
      const answer = await fetch("/write", { method: "POST", body: data, headers: { accept: "application/json" } });
      if (!answer.ok) return;
      drop(slot);
      told.hidden = false;
    }
  };
  if (told && !find("form.send")) send().catch(() => {});

  const list = find("[data-kept-pages]");
  const show = async () => {
    for (const name of await caches.keys()) {
      if (!name.startsWith("pages-")) continue;
      const pages = await caches.open(name);
      for (const { url } of (await pages.keys()).reverse()) {
        const text = await (await pages.match(url)).text();
        const { title } = new DOMParser().parseFromString(text, "text/html");
        const add = (to, name) => to.appendChild(document.createElement(name));
        Object.assign(add(add(list, "li"), "a"), { href: url, textContent: title.split(" – ")[0] });
        list.parentElement.hidden = false;
      }
    }
  };
  if (list && window.caches) show();
})();
