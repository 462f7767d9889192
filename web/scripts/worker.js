// The site without a network: what its pages are made of is kept, and what was bought is kept by the
// pages themselves. Everything else is asked for, as if this were not here.
const KEPT = `frontrow-${"VERSION"}`;
const PARTS = ["PARTS"];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(["/", "/favicon.svg", ...PARTS])));
  skipWaiting();
});

addEventListener("activate", (event) => {
  const forget = (names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forget).then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    // Every page begins with the same document; the newest there is.
    event.respondWith(fetch(request).catch(() => caches.match("/")));
  } else if (pathname.startsWith("/assets/") || pathname === "/favicon.svg") {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});
