// On a person's own device: what she read stays for when there is no network, and what she wrote
// without one goes to her drafts. Never loaded on a shared device.
(() => {
  "use strict";
  const NAME = "maillage-drafts", { reader } = document.currentScript.dataset;
  const find = (selector) => document.querySelector(selector);
  if (navigator.serviceWorker) navigator.serviceWorker.register("/service-worker.js").catch(() => {});

  // Texts by what they answer or change; those of somebody else go.
  let texts = {};
  const store = () => {
    try {
      localStorage.setItem(NAME, JSON.stringify({ reader, texts }));
    } catch { /* nothing can be kept here */ }
  };
  try {
    const found = JSON.parse(localStorage.getItem(NAME));
    if (found && reader && found.reader === reader) ({ texts } = found);
    else if (reader && found) store();
  } catch { /* nothing is kept here */ }
  const drop = (slot) => { delete texts[slot]; store(); };
  window.drafts = { texts, drop, put: (slot, text) => { texts[slot] = text; store(); } };

  // A page that says so has come: what was sent has arrived.
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

  // Where there is no network: the pages that are kept.
  const list = find("[data-kept-pages]");
  const show = async () => {
    for (const name of await caches.keys()) {
      if (!name.startsWith("pages-")) continue;
      const pages = await caches.open(name);
      for (const { url } of (await pages.keys()).reverse()) {
        const text = await (await pages.match(url)).text();
        const link = document.createElement("a"), line = document.createElement("li");
        link.href = url;
        [link.textContent] = new DOMParser().parseFromString(text, "text/html").title.split(" – ");
        line.append(link);
        list.append(line);
        list.parentElement.hidden = false;
      }
    }
  };
  if (list && window.caches) show();
})();
