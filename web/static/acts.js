// What a button of a page does without leaving it: htmx sends the form, and the part that changed
// is drawn again where it stands. Without scripts every button leads back to the whole page.
(() => {
  "use strict";
  // The address stays; what a person had opened stays open.
  htmx.config.history = false;
  htmx.config.morphIgnore.push("open");
  const on = (name, act) => document.addEventListener(`htmx:${name}`, ({ detail: { ctx } }) => ctx && act(ctx));
  let note;
  on("before:request", ({ request: { submitter } }) => {
    note?.remove();
    submitter?.setAttribute("aria-busy", "true");
  });
  on("finally:request", ({ request: { submitter } }) => submitter?.removeAttribute("aria-busy"));
  on("after:swap", ({ target }) => {
    // What had the focus is gone: whoever uses a keyboard goes on from what took its place.
    if (document.activeElement !== document.body) return;
    const part = typeof target === "string" ? document.querySelector(target) : document.querySelector("main");
    part.tabIndex = -1;
    part.focus({ preventScroll: part.localName !== "main" });
  });
  on("error", ({ sourceElement, request: { submitter } }) => {
    note = Object.assign(document.createElement("p"), { className: "note bad", textContent: sourceElement.dataset.failed });
    note.setAttribute("role", "alert");
    (submitter.closest("ul.acts, .row") || submitter).after(note);
  });
})();
