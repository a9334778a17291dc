// The service worker. The build puts VERSI and ASET (addresses of hashed files) in front of this.
// Pages come from the network; a copy is kept only of pages that ask for it, and only for one account.
"use strict";

const STATIK = "statik-";
const HALAMAN = "halaman-";
const TANPA_SINYAL = "/luring";
// With a copy at hand nobody waits longer for a network that does not answer.
const SABAR_MS = 8000;

self.addEventListener("install", (event) => event.waitUntil(pasang()));
self.addEventListener("activate", (event) => event.waitUntil(gantikan()));
self.addEventListener("message", (event) => {
  if (event.data?.simpan) event.waitUntil(simpanLebihDahulu(event.data.simpan));
  if (event.data?.lupakan) event.waitUntil(lupakan());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(aset(request));
  } else if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(halaman(event, url));
  } else if (request.method === "POST" && url.pathname === "/keluar") {
    event.respondWith(keluar(request));
  } else if (request.method === "POST" && request.mode === "navigate") {
    event.respondWith(fetch(request).catch(tertahan));
  }
});

async function pasang() {
  const cache = await caches.open(STATIK + VERSI);
  await cache.addAll(ASET);
  // Asked for without cookies: this page belongs to nobody.
  await cache.put(TANPA_SINYAL, await fetch(TANPA_SINYAL, { credentials: "omit", cache: "no-store" }));
  await self.skipWaiting();
}

async function gantikan() {
  await self.clients.claim();
  // Kept pages name the assets of the version they came with: take them anew, and keep one older version.
  for (const name of (await caches.keys()).filter((one) => one.startsWith(HALAMAN))) {
    const cache = await caches.open(name);
    await simpanLebihDahulu((await cache.keys()).map((one) => one.url));
  }
  const old = (await caches.keys()).filter((one) => one.startsWith(STATIK) && one !== STATIK + VERSI);
  for (const name of old.slice(0, -1)) await caches.delete(name);
}

async function aset(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}

async function halaman(event, url) {
  const kept = await salinan(url);
  const network = fetch(event.request).then(async (answer) => {
    const copy = answer.clone();
    event.waitUntil(simpan(url, copy));
    return answer;
  });
  network.catch(() => {});
  try {
    return await (kept ? Promise.race([network, sabar()]) : network);
  } catch {
    return kept ?? (await caches.match(TANPA_SINYAL)) ?? Response.error();
  }
}

function sabar() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("lambat")), SABAR_MS));
}

async function salinan(url) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(HALAMAN)) continue;
    const cache = await caches.open(name);
    return cache.match(url.href, { ignoreVary: true, ignoreSearch: true });
  }
}

// Whose page it is stands in its header; a page of another account ends what was kept of the one before.
async function simpan(url, answer) {
  const akun = answer.headers.get("Ekinerja-Akun");
  if (!akun) return;
  for (const name of await caches.keys()) {
    if (name.startsWith(HALAMAN) && name !== HALAMAN + akun) await caches.delete(name);
  }
  if (answer.status === 200 && !answer.redirected && answer.headers.has("Ekinerja-Luring")) {
    // The newest of each page, whatever it was asked about; the older goes only once the newer is whole.
    const cache = await caches.open(HALAMAN + akun);
    await cache.put(url.href, answer);
    for (const older of await cache.keys(url.href, { ignoreSearch: true, ignoreVary: true })) {
      if (older.url !== url.href) await cache.delete(older, { ignoreVary: true });
    }
  }
}

async function simpanLebihDahulu(urls) {
  for (const one of urls) {
    try {
      const url = new URL(one, location.origin);
      await simpan(url, await fetch(url, { headers: { Accept: "text/html" } }));
    } catch {
      // No signal: what is kept stays.
    }
  }
}

// A form that found no signal: 204 leaves the page as it stands, with all that was typed; the page says so.
async function tertahan() {
  for (const client of await self.clients.matchAll()) client.postMessage({ tertahan: true });
  return new Response(null, { status: 204 });
}

async function keluar(request) {
  const answer = await fetch(request).catch(() => null);
  if (answer === null) return tertahan();
  if (answer.ok || answer.type === "opaqueredirect") await lupakan();
  return answer;
}

async function lupakan() {
  for (const name of await caches.keys()) if (name.startsWith(HALAMAN)) await caches.delete(name);
}
