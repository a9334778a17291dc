// Around every page: the service worker, the install button, the queue in the header, logging out with care.
// Texts stand in the page's <template id="kata-antrean">, so that they are translated like all others.
"use strict";
(() => {
  const { antrean } = window;
  const DISIMPAN = "halaman-luring";
  const SIMPAN_LAGI_MS = 6 * 3600 * 1000;

  // --- Words ---------------------------------------------------------------------------------------
  const filled = (text, values = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const template = (name) =>
    document.getElementById("kata-antrean").content.querySelector(`[data-kata="${name}"]`);

  const kata = {
    teks: (name, values) => filled(template(name).textContent.trim(), values),
    waktu: (moment) =>
      new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }).format(
        new Date(moment),
      ),
    salinan: (name) => template(name).cloneNode(true),
    // An alert: the text of `name`, in the look of `kind`.
    kabar(name, kind, values) {
      const node = kata.salinan(name);
      node.classList.add(`alert-${kind}`);
      node.tabIndex = -1;
      for (const part of node.querySelectorAll("[data-isi]")) part.textContent = filled(part.textContent, values);
      return node;
    },
    // The same on the next page.
    nanti: (...kabar) => sessionStorage.setItem("antrean-kabar", JSON.stringify(kabar)),
  };
  antrean.kata = kata;

  function tellEarlier() {
    const earlier = sessionStorage.getItem("antrean-kabar");
    if (!earlier) return;
    sessionStorage.removeItem("antrean-kabar");
    const told = kata.kabar(...JSON.parse(earlier));
    document.getElementById("isi").prepend(told);
    told.focus();
  }

  // --- The queue in the header ---------------------------------------------------------------------
  async function showQueue() {
    const link = document.querySelector("[data-antrean-kepala]");
    if (!link) return;
    const count = await antrean.hitung();
    const name = count.ditolak ? "perlu-dilihat" : count.perluMasuk ? "perlu-masuk" : "menunggu";
    const n = count.ditolak || count.menunggu;
    link.hidden = !n;
    link.classList.toggle("antrean-perlu", Boolean(count.ditolak || count.perluMasuk));
    const text = link.querySelector("span");
    const now = n ? kata.teks(name, { n }) : "";
    if (text.textContent !== now) text.textContent = now;
  }

  // --- Logging out ---------------------------------------------------------------------------------
  function careful(form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await antrean.simpanDraf();
      const count = await antrean.hitung();
      if (count.menunggu + count.ditolak + count.draf) ask(form, count);
      else logOut(form);
    });
  }

  function ask(form, count) {
    const dialog = document.getElementById("keluar-antrean");
    const unsent = count.menunggu + count.ditolak;
    dialog.querySelector("[data-kiriman]").hidden = !unsent;
    dialog.querySelector("[data-kiriman] span").textContent = kata.teks("belum-terkirim", { n: unsent });
    dialog.querySelector("[data-draf]").hidden = !count.draf;
    dialog.querySelector("[data-gagal]").hidden = true;
    dialog.querySelector("[data-lihat]").hidden = !unsent;
    dialog.querySelector("[data-hapus]").onclick = () => logOut(form, dialog);
    dialog.querySelector("[data-batal]").onclick = () => dialog.close();
    if (!dialog.open) dialog.showModal();
  }

  // The server first: without it the session would stay, and what is kept here would be gone for nothing.
  async function logOut(form, dialog) {
    try {
      const answer = await fetch(form.action, { method: "POST", redirect: "manual", body: new URLSearchParams() });
      if (answer.type !== "opaqueredirect") throw new Error(String(answer.status));
    } catch {
      ask(form, await antrean.hitung());
      document.querySelector("#keluar-antrean [data-gagal]").hidden = false;
      return;
    }
    await antrean.kosongkan();
    localStorage.removeItem(DISIMPAN);
    navigator.serviceWorker?.controller?.postMessage({ lupakan: true });
    dialog?.close();
    location.assign("/masuk");
  }

  // --- A form that found no signal -----------------------------------------------------------------
  let sent = null;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sent = event.target;
  });
  function heldBack() {
    if (!sent) return;
    delete sent.dataset.terkirim;
    sent.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    document.querySelector("[data-tertahan]")?.remove();
    const told = document.getElementById("kata-tertahan").content.firstElementChild.cloneNode(true);
    told.dataset.tertahan = "";
    told.tabIndex = -1;
    sent.before(told);
    told.focus();
  }

  // --- The app -------------------------------------------------------------------------------------
  async function registerWorker() {
    await navigator.serviceWorker.register("/sw.js");
    if (!antrean.akun) return;
    const { active } = await navigator.serviceWorker.ready;
    // Pages to have at hand before the signal goes, looked after a few times a day.
    const pages = document.body.dataset.luring.split(" ").filter(Boolean);
    const [whose, since] = (localStorage.getItem(DISIMPAN) ?? "").split(" ");
    if (whose === antrean.akun && Date.now() - Number(since) < SIMPAN_LAGI_MS) return;
    localStorage.setItem(DISIMPAN, `${antrean.akun} ${Date.now()}`);
    active.postMessage({ simpan: pages });
  }

  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    for (const button of document.querySelectorAll("[data-pasang]")) {
      button.closest("li").hidden = false;
      button.onclick = async () => {
        button.closest("li").hidden = true;
        await event.prompt();
      };
    }
  });
  addEventListener("appinstalled", () => {
    for (const button of document.querySelectorAll("[data-pasang]")) button.closest("li").hidden = true;
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (navigator.serviceWorker) {
      navigator.serviceWorker.addEventListener("message", (event) => event.data?.tertahan && heldBack());
      registerWorker();
    }
    for (const link of document.querySelectorAll("[data-coba-lagi]")) link.href = location.href;
    if (!antrean.siap || !antrean.akun) return;
    tellEarlier();
    showQueue();
    antrean.kabar.addEventListener("berubah", showQueue);
    for (const form of document.querySelectorAll("form[data-hapus-draf]")) careful(form);
  });
})();
