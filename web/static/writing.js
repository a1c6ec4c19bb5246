// The form for writing: says who will read as it is chosen, and keeps the draft on the server.
// Everything also works without: the button "Keep as a draft" does the same. Without a network the
// text stays on this device, unless it is shared, and comes back here with a note.
(() => {
  "use strict";
  const form = document.querySelector("form.send");
  if (!form || !window.fetch || !window.FormData) return;
  const status = form.querySelector("[data-kept]");
  const to = form.querySelector("[data-to]");
  const partners = [...form.querySelectorAll("[name='partners[]']")];
  const left = form.querySelector("[data-left]");
  const text = form.querySelector("#status");

  // The words of the button: for whom.
  const name = () => {
    const chosen = form.querySelector("[name=audience]:checked");
    if (!to) return;
    if (!chosen) { to.textContent = form.querySelector(".to").textContent; return; }
    const count = partners.filter((one) => one.checked).length;
    const words = chosen.dataset;
    to.textContent =
      partners.length && chosen.value === "named_partners" && count
        ? count === 1 ? words.one : words.many.replace("{n}", count)
        : words.words;
  };
  // Whoever ticks a partner writes to partners.
  partners.forEach((one) =>
    one.addEventListener("change", () => {
      const choice = form.querySelector("#v-named_partners");
      if (one.checked && choice) choice.checked = true;
      name();
    }));
  if (to) {
    form.querySelectorAll(".to").forEach((one) => { one.hidden = true; });
    to.hidden = false;
    form.addEventListener("change", name);
    name();
  }

  const count = () => {
    const rest = left.dataset.left - [...text.value].length;
    left.textContent = (rest < 0 ? left.dataset.over : left.dataset.words).replace("{n}", Math.abs(rest));
  };
  if (left) { text.addEventListener("input", count); count(); }

  // The draft: three seconds after the last key, and when the page is left out of sight.
  let timer = 0, sent = "", running = null;
  const fields = () => {
    const data = new FormData(form);
    data.delete("file");
    data.set("do", "keep");
    return data;
  };
  const said = (data) =>
    JSON.stringify([...data].filter(([key]) => !["key", "version", "form_token"].includes(key)));
  const about = (one) => (form.elements[one] || {}).value || "";
  const slot = `${about("in_reply_to_id")}-${about("edit_id")}`;
  const remember = (sent) => window.drafts && window.drafts.put(slot, {
    sent, fields: [...fields()].filter(([name]) => name !== "form_token" && name !== "do"),
  });
  const keep = async () => {
    clearTimeout(timer);
    if (running) await running;
    const data = fields(), now = said(data);
    if (now === sent) return;
    running = fetch(form.action, {
      method: "POST", body: data, keepalive: true, headers: { accept: "application/json" },
    }).then(async (answer) => {
      const found = await answer.json();
      status.textContent = found.said;
      if (!answer.ok) return;
      sent = now;
      form.elements.key.value = found.key;
      form.elements.version.value = found.version;
      if (window.drafts && said(fields()) === now) window.drafts.drop(slot);
    }).catch(() => { status.textContent = status.dataset.failed; });
    await running;
    running = null;
  };
  const fill = (given) => {
    for (const one of form.elements) {
      const box = one.matches("[type=radio],[type=checkbox]");
      const at = given.findIndex(([name, value]) => name === one.name && (!box || value === one.value));
      if (box) one.checked = at >= 0;
      else if (at >= 0 && one.type !== "file") one.value = given.splice(at, 1)[0][1];
    }
    given.filter(([name]) => name === "media[]").forEach(([name, value]) => {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    });
  };
  sent = said(fields());
  const found = window.drafts && window.drafts.texts[slot];
  if (found) {
    const { status: words, key } = Object.fromEntries(found.fields), blank = !text.value.trim();
    if (found.sent && !blank) window.drafts.drop(slot);
    else if (words.trim() && (blank || key === form.elements.key.value)) {
      fill([...found.fields]);
      form.querySelector("[data-restored]").hidden = false;
      name();
      if (left) count();
      keep();
    }
  }
  form.addEventListener("input", () => { remember(); clearTimeout(timer); timer = setTimeout(keep, 3000); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  window.addEventListener("online", keep);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    remember(true);
    if (navigator.onLine) return;
    event.preventDefault();
    remember();
    status.textContent = status.dataset.failed;
  });
})();
