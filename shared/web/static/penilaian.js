// The rating sheet: shortcuts (shown, and off when not wanted), a count of what is filled in, tick all.
// Without this file everything is filled in with Tab, arrows and space.
(() => {
  const rows = [...document.querySelectorAll("[data-baris]")];
  if (!rows.length) return;
  const help = document.querySelector("[data-pintasan]");
  const on = document.querySelector("[data-pintasan-nyala]");
  const KEPT = "ekinerja-pintasan";
  const kept = (value) => {
    try {
      if (value === undefined) return localStorage.getItem(KEPT);
      localStorage.setItem(KEPT, value);
    } catch {
      // Without storage the choice holds for this page.
    }
    return null;
  };
  help.hidden = false;
  on.checked = kept() !== "mati";
  on.addEventListener("change", () => kept(on.checked ? "nyala" : "mati"));

  const group = (row, name) => [...row.querySelectorAll(`[data-ruas="${name}"] input`)];
  const count = document.querySelector("[data-terisi]");
  const counted = () => {
    const full = rows.filter((row) => ["hasil_kerja", "perilaku"].every((name) => group(row, name).some((one) => one.checked)));
    document.querySelector("[data-terisi-n]").textContent = full.length;
  };
  count.hidden = false;
  counted();
  document.addEventListener("change", counted);

  const all = document.querySelector("[data-pilih-semua]");
  all.hidden = false;
  all.querySelector("input").addEventListener("change", (event) => {
    for (const row of rows) {
      if (!row.dataset.dinilai) row.querySelector("[name='pilih[]']").checked = event.target.checked;
    }
  });

  const here = () => rows.findIndex((row) => row.contains(document.activeElement));
  const go = (index) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
  };
  const rate = (row, name, place) => {
    const chosen = group(row, name)[place];
    chosen.checked = true;
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const keys = {
    j: (at) => go(at + 1),
    k: (at) => go(at < 0 ? 0 : at - 1),
    s: () => document.querySelector("[data-periksa]").focus(),
  };
  const inRow = {
    1: (row) => rate(row, "hasil_kerja", 0),
    2: (row) => rate(row, "hasil_kerja", 1),
    3: (row) => rate(row, "hasil_kerja", 2),
    q: (row) => rate(row, "perilaku", 0),
    w: (row) => rate(row, "perilaku", 1),
    e: (row) => rate(row, "perilaku", 2),
    l: (row) => row.querySelector(".intip summary").click(),
    c: (row) => row.querySelector("input[type='text']").focus(),
    p: (row) => row.querySelector("[name='pilih[]']").click(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type='text'], textarea, select");
    if (event.key === "Escape" && typing) {
      event.target.closest("[data-baris]")?.focus();
      return;
    }
    if (!on.checked || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const at = here();
    if (keys[key]) keys[key](at);
    else if (at >= 0 && inRow[key]) inRow[key](rows[at]);
    else return;
    event.preventDefault();
  });
})();
