// Keeps the last pages that a person read, for when there is no network: as long as she alone
// is signed in, on a device of her own.
"use strict";
const SHELL = "shell", PAGES = "pages-", MOST = 20, ANY = { ignoreVary: true };
const FILES = ["maillage.css", "atkinson-next-latin.woff2", "mark.svg", "app.js",
  "writing.js", "htmx.js", "acts.js"].map((name) => `/static/${name}`).concat("/offline");

const forget = async (which) => {
  for (const name of await caches.keys())
    if (name.startsWith(PAGES) && which(name)) await caches.delete(name);
};
// `maillage-reader` names the session and until when it lasts; "-" is nobody.
const keep = async (url, answer) => {
  const reader = answer.headers.get("maillage-reader"), mine = PAGES + reader;
  if (!reader) return;
  await forget((name) => name !== mine);
  if (reader === "-" || answer.status !== 200) return;
  const pages = await caches.open(mine);
  await pages.delete(url, ANY);
  await pages.put(url, answer);
  for (const old of (await pages.keys()).slice(0, -MOST)) await pages.delete(old, ANY);
};
const kept = async (...urls) => {
  await forget((name) => Date.now() >= Number(name.split(" ")[1]));
  for (const url of urls) {
    const found = await caches.match(url, ANY);
    if (found) return found;
  }
  return Response.error();
};
const page = async (event, { method, url: whole }) => {
  const url = whole.split("#")[0], asks = method === "GET";
  try {
    const answer = await fetch(event.request);
    if (asks) event.waitUntil(keep(url, answer.clone()));
    return answer;
  } catch {
    const found = await kept(...(asks ? [url] : []), "/offline");
    const text = (await found.text()).replace("data-offline hidden", "data-offline");
    return new Response(text, { headers: found.headers });
  }
};
self.addEventListener("install", (event) => {
  const fill = async () => (await caches.open(SHELL)).addAll(FILES);
  event.waitUntil(fill().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, request));
  else if (FILES.includes(pathname)) event.respondWith(fetch(request).catch(() => kept(pathname)));
});
