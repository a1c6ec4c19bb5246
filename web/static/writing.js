// The form for writing: says who will read, and keeps the draft: on the server, and without a
// network on this device, unless it is shared. All but that also works without a script.
(() => {
  "use strict";
  const form = document.querySelector("form.send");
  if (!form) return;
  const find = (selector) => form.querySelector(selector);
  const status = find("[data-kept]");
  const to = find("[data-to]");
  const partners = [...form.querySelectorAll("[name='partners[]']")];
  const left = find("[data-left]");
  const text = find("#status");

  // The words of the button: for whom.
  const name = () => {
    const chosen = find("[name=audience]:checked");
    if (!to) return;
    if (!chosen) { to.textContent = find(".to").textContent; return; }
    const count = partners.filter((one) => one.checked).length, { words, one, many } = chosen.dataset;
    to.textContent = !count || chosen.value !== "named_partners" ? words
      : count === 1 ? one : many.replace("{n}", count);
  };
  // Whoever ticks a partner writes to partners.
  partners.forEach((one) =>
    one.addEventListener("change", () => {
      const choice = find("#v-named_partners");
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
  text.addEventListener("input", count);
  count();

  // The draft: three seconds after the last key, and when the page is out of sight.
  let timer = 0, sent = "", running = null;
  const fields = () => {
    const data = new FormData(form);
    data.delete("file");
    data.set("do", "keep");
    return data;
  };
  const said = (data) =>
    JSON.stringify([...data].filter(([key]) => !/^(key|version|form_token)$/.test(key)));
  const local = window.drafts;
  let slot = form.elements.key.value;
  const remember = (sent) => {
    if (!local) return;
    if (!text.value.trim()) { local.drop(slot); return; }
    local.put(slot, { sent, fields: [...fields()].filter(([key]) => !/^(do|form_token)$/.test(key)) });
  };
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
      if (local && said(fields()) === now) local.drop(slot);
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
  const about = (given) => String(given.filter(([name]) => /_id$/.test(name)));
  const blank = !text.value.trim(), here = about([...fields()]);
  const [old, found] = Object.entries(local ? local.texts : {})
    .find(([key, one]) => key === slot || (blank && about(one.fields) === here)) || [];
  if (found && found.sent && !blank) local.drop(old);
  else if (found) {
    slot = old;
    fill([...found.fields]);
    document.querySelector("[data-restored]").hidden = false;
    name();
    count();
    keep();
  }
  form.addEventListener("input", () => { remember(); clearTimeout(timer); timer = setTimeout(keep, 3000); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  window.addEventListener("online", keep);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    remember(navigator.onLine);
    if (navigator.onLine) return;
    event.preventDefault();
    status.textContent = status.dataset.failed;
  });
})();
