// The page of what waits on this device: /skp/kiriman. Works without signal; all it shows comes from the queue.
"use strict";
(() => {
  const { antrean } = window;
  const one = (selector, root = document) => root.querySelector(selector);
  const show = (selector, yes, root) => {
    one(selector, root).hidden = !yes;
  };
  const word = (name, values = {}) =>
    one(`[data-kata="${name}"]`, one("#kiriman-kata").content).textContent.replace(
      /\{(\w+)\}/g,
      (whole, key) => values[key] ?? whole,
    );
  const language = document.documentElement.lang;
  const size = (bytes) =>
    bytes < 1e6
      ? `${Math.ceil(bytes / 1024)} kB`
      : `${(bytes / 1024 / 1024).toLocaleString(language, { maximumFractionDigits: 1 })} MB`;
  const date = (text) =>
    text && new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(text));

  function state(item) {
    if (item.keadaan !== "menunggu") return item.keadaan;
    return { masuk: "masuk", sibuk: "sibuk" }[item.sebab] ?? (item.sebab || !navigator.onLine ? "menunggu" : "baru");
  }

  function facts(item) {
    const bytes = item.bukti.reduce((sum, file) => sum + file.ukuran, 0);
    const told = item.keadaan === "ditolak" ? (item.jawaban ?? {}) : {};
    const own = told.kedaluwarsa ? "kedaluwarsa" : antrean.sudahAda(item) ? "sudah-ada" : "";
    return {
      judul: item.lainnya ? word("judul", { judul: item.judul, n: item.lainnya }) : item.judul,
      dibuat: antrean.kata.waktu(item.dibuat),
      tanggal: date(item.tanggal),
      bukti: item.bukti.length && word("bukti", { n: item.bukti.length, ukuran: size(bytes) }),
      nomor: item.nomor?.join(", "),
      diterima: item.waktu && antrean.kata.waktu(item.waktu),
      jawaban: own ? word(own) : told.detail,
      jalan: own ? word("lihat-dahulu") : told.remedy,
    };
  }

  function draw(item) {
    const row = one("#kiriman-butir").content.cloneNode(true).firstElementChild;
    row.id = `kiriman-${item.id}`;
    const known = facts(item);
    for (const node of row.querySelectorAll("[data-bila]")) if (!known[node.dataset.bila]) node.remove();
    for (const node of row.querySelectorAll("[data-isi]")) node.textContent = known[node.dataset.isi] ?? "";
    one("[data-lencana]", row).replaceWith(
      one(`[data-lencana="${state(item)}"]`, one("#kiriman-kata").content).cloneNode(true),
    );
    const errors = one("[data-salah-isian]", row);
    for (const error of antrean.sudahAda(item) ? [] : (item.jawaban?.errors ?? [])) {
      const line = document.createElement("li");
      const field = error.pointer.split("/").at(-1).replaceAll("_", " ");
      line.textContent = [`${field ? `${field}: ` : ""}${error.reason}`, error.remedy].filter(Boolean).join(". ");
      errors?.append(line);
    }
    if (errors && !errors.children.length) errors.remove();
    const refused = item.keadaan === "ditolak";
    const can = { ubah: item.keadaan !== "terkirim", ulangi: refused, buang: item.keadaan !== "terkirim", hapus: true };
    for (const button of row.querySelectorAll("[data-lakukan]")) {
      if (!can[button.dataset.lakukan]) button.remove();
      else if (button.matches("button")) button.addEventListener("click", () => act(button, item));
    }
    if (!refused) one("[data-lakukan=ubah]", row)?.classList.remove("btn-primary");
    if (!row.querySelector(".tombol-baris button")) one(".tombol-baris", row).remove();
    return row;
  }

  async function act(button, item) {
    button.setAttribute("aria-busy", "true");
    if (button.dataset.lakukan === "hapus") await antrean.hapus(item.id);
    if (button.dataset.lakukan === "ulangi") await antrean.ulangi(item.id);
    if (button.dataset.lakukan === "ubah") {
      const moved = await antrean.ubah(item.id);
      if (moved) return location.assign(moved.halaman);
      one("[data-salah] a").href = item.halaman;
      show("[data-salah]", true);
      one("[data-salah] a").focus();
    }
    button.removeAttribute("aria-busy");
  }

  // Only what changed is drawn anew: an open "Buang" and the focus stay where they are.
  const drawn = new Map();
  function fill(list, items) {
    const place = one(`[data-daftar="${list}"]`);
    const kept = new Set(items.map((item) => `kiriman-${item.id}`));
    for (const row of [...place.children]) if (!kept.has(row.id)) row.remove();
    for (const [index, item] of items.entries()) {
      const print = JSON.stringify([item.keadaan, state(item), item.jawaban, item.nomor]);
      const before = document.getElementById(`kiriman-${item.id}`);
      if (before?.parentElement === place && drawn.get(item.id) === print) continue;
      drawn.set(item.id, print);
      const row = draw(item);
      if (before?.parentElement === place) before.replaceWith(row);
      else place.insertBefore(row, place.children[index] ?? null);
    }
  }

  async function refresh() {
    const items = await antrean.daftar();
    const count = await antrean.hitung();
    const unsent = items.filter((item) => item.keadaan !== "terkirim");
    const received = items.filter((item) => item.keadaan === "terkirim").sort((a, b) => b.diterima - a.diterima);
    fill("belum", [...unsent.filter((item) => item.keadaan === "ditolak"), ...unsent.filter((item) => item.keadaan !== "ditolak")]);
    fill("terkirim", received);
    show("[data-kosong=belum]", !unsent.length);
    show("[data-bagian=terkirim]", received.length);
    show("[data-kirim-semua]", count.menunggu && navigator.onLine && !count.perluMasuk);
    // A browser may believe in a network that leads nowhere.
    show("[data-tanpa-sinyal]", !navigator.onLine || unsent.some((item) => item.sebab === "sinyal"));
    show("[data-masuk]", count.perluMasuk && navigator.onLine);
    show("[data-orang-lain]", count.orangLain);
    const used = await antrean.terpakai();
    one("[data-ruang]").textContent = used
      ? word("ruang", { terpakai: size(used), penuh: size(antrean.penuh) })
      : "";
  }

  // Many changes at once are shown once.
  let asked = null;
  let again = false;
  async function later() {
    if (asked) {
      again = true;
      return;
    }
    asked = refresh();
    await asked;
    asked = null;
    if (again) {
      again = false;
      later();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!antrean.siap || !antrean.akun) return;
    show("[data-tak-bisa]", false);
    show("[data-bisa]", true);
    one("[data-kirim-semua]").addEventListener("click", () => antrean.kirim({ segera: true }));
    antrean.kabar.addEventListener("berubah", later);
    addEventListener("online", later);
    addEventListener("offline", later);
    later();
  });
})();
