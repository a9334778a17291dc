// Forms with `data-antre`: a draft is kept while typing; what is sent goes through the queue, so that neither a
// lost signal nor a killed browser loses it. Without JavaScript the form is sent the plain way.
"use strict";
(() => {
  const { antrean } = window;
  const MENUNGGU_JAWABAN_MS = 8000;
  const KETIK_MS = 400;
  const DRAF_BERKAS = 30 * 1024 * 1024;
  const DAFTAR = "/skp/kiriman";
  const DIBUKA = "ekinerja-draf-dibuka";

  const fields = (form) =>
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.startsWith("_"));
  const files = (form) =>
    [...form.querySelectorAll("input[type=file][name]")].flatMap((input) =>
      [...input.files].map((isi) => ({ nama: input.name, isi })),
    );

  class Formulir {
    constructor(form) {
      this.form = form;
      this.jenis = form.dataset.antre;
      this.kunciDraf = form.dataset.antreDraf ?? `${this.jenis}:${location.pathname}`;
      this.ready = this.begin();
    }

    async begin() {
      const { form } = this;
      form.addEventListener("submit", (event) => this.submit(event), { capture: true });
      if (await antrean.terpakaiKunci(this.key.value)) this.key.value = crypto.randomUUID();
      // What the server has just answered is newer than any draft, except the one it was asked to lay out.
      const asked = sessionStorage.getItem(DIBUKA) === this.kunciDraf;
      sessionStorage.removeItem(DIBUKA);
      if (asked || !("antreDijawab" in form.dataset)) await this.restore();
      else this.changed = true;
      form.addEventListener("input", () => this.typed());
      form.addEventListener("change", () => this.typed());
      document.addEventListener("visibilitychange", () => document.hidden && this.keepDraft());
      addEventListener("pagehide", () => this.keepDraft());
    }

    get key() {
      return this.form.elements._kunci;
    }

    typed() {
      this.changed = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keepDraft(), KETIK_MS);
    }

    async keepDraft() {
      clearTimeout(this.timer);
      if (!this.changed || this.busy || this.sent) return;
      this.changed = false;
      const chosen = files(this.form);
      const small = chosen.reduce((sum, { isi }) => sum + isi.size, 0) <= DRAF_BERKAS;
      const draft = { nilai: fields(this.form), berkas: small ? chosen : [], kunciLama: this.kunciLama };
      if (!(await antrean.draf.simpan(this.kunciDraf, draft))) this.tell("penuh", "warning");
    }

    async restore() {
      const draft = await antrean.draf.ambil(this.kunciDraf);
      if (!draft) return;
      const absent = draft.nilai.some(([name]) => !name.endsWith("[]") && !this.form.elements[name]);
      if (!absent) this.fillIn(draft);
      this.kunciLama = draft.kunciLama;
      if (draft.kunciLama) this.key.value = draft.kunciLama;
      const told = this.tell(absent ? "draf-lain" : "draf", "info", { waktu: antrean.kata.waktu(draft.diubah) });
      told.querySelector("[data-buang]").addEventListener("click", async () => {
        await antrean.draf.hapus(this.kunciDraf);
        this.changed = false;
        location.assign(location.pathname + location.search);
      });
      told.querySelector("[data-buka]")?.addEventListener("click", () => this.shownByServer(draft));
    }

    // A draft with other rows than this form has: the server lays out a form that fits it.
    shownByServer({ nilai }) {
      const form = document.createElement("form");
      form.method = "post";
      form.action = this.form.action;
      for (const [name, value] of [...nilai, ["_kunci", this.key.value], ["_aksi", "tinjau"]]) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      }
      document.body.append(form);
      sessionStorage.setItem(DIBUKA, this.kunciDraf);
      form.submit();
    }

    fillIn({ nilai, berkas }) {
      const values = grouped(nilai);
      for (const field of this.form.elements) {
        if (!field.name || field.name.startsWith("_") || field.type === "file") continue;
        const came = values.get(field.name) ?? [];
        if (field.type === "radio" || field.type === "checkbox") field.checked = came.includes(field.value);
        else if (came.length) field.value = came[0];
        else continue;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
      for (const [name, came] of values) if (name.endsWith("[]")) this.keepUploaded(name, came);
      for (const [name, chosen] of grouped(berkas.map(({ nama, isi }) => [nama, isi]))) {
        const input = [...this.form.querySelectorAll("input[type=file]")].filter((one) => one.name === name).at(-1);
        if (!input) continue;
        const bag = new DataTransfer();
        for (const file of chosen) bag.items.add(file);
        input.files = bag.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }

    // Files that had arrived already are named by their SHA-256 in fields that a fresh form does not have.
    keepUploaded(name, came) {
      const known = new Set([...this.form.elements].filter((one) => one.name === name).map((one) => one.value));
      for (const value of came.filter((one) => !known.has(one))) {
        const item = antrean.kata.salinan("bukti-lama");
        Object.assign(item.querySelector("input"), { name, value });
        const place = this.form.querySelector(`[data-bukti="${CSS.escape(name.replace(/\/[^/]*$/, ""))}"]`);
        const list = place?.querySelector("[data-bukti-daftar]");
        if (list) list.append(item);
        else this.form.append(item.firstElementChild);
      }
    }

    async submit(event) {
      // Buttons with a value of their own (add a row, look again) are for the server.
      if (event.submitter?.name && event.submitter.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (this.busy || !this.complete()) return;
      this.busy = true;
      this.form.setAttribute("aria-busy", "true");
      try {
        await this.ready;
        await this.send();
      } finally {
        this.busy = false;
        this.form.removeAttribute("aria-busy");
      }
    }

    // With signal the server checks, and says it better; rows that are folded away may stay empty.
    complete() {
      if (navigator.onLine) return true;
      const wrong = [...this.form.elements].find((field) => !field.closest("details") && !field.checkValidity());
      wrong?.reportValidity();
      return !wrong;
    }

    async send() {
      clearTimeout(this.timer);
      this.changed = false;
      let item;
      try {
        item = await antrean.tambah({
          jenis: this.jenis,
          id: this.key.value,
          tujuan: new URL(this.form.action).pathname,
          nilai: fields(this.form),
          berkas: files(this.form),
          halaman: location.pathname + location.search,
          kunciDraf: this.kunciDraf,
        });
      } catch (error) {
        if (!(error instanceof antrean.Penuh)) throw error;
        // No room to keep it: with signal it can still go the plain way.
        if (navigator.onLine) HTMLFormElement.prototype.submit.call(this.form);
        else this.tell("penuh", "danger");
        return;
      }
      this.sent = true;
      antrean.kirim({ segera: true });
      const told = navigator.onLine ? await antrean.hasil(item.id, MENUNGGU_JAWABAN_MS) : item;
      if (told?.keadaan === "ditolak") {
        // The server shows its own refusal best: every error beside its field.
        await antrean.hapus(item.id);
        HTMLFormElement.prototype.submit.call(this.form);
      } else if (told?.keadaan === "terkirim") {
        const n = told.nomor.length;
        antrean.kata.nanti(n > 1 ? "tercatat-banyak" : "tercatat", "success", { n });
        location.assign(antrean.JENIS[this.jenis].lihat(told));
      } else if (told?.sebab === "masuk") {
        // Any other page would only ask for the login; here is said what happened to the work.
        this.told?.remove();
        const ended = antrean.kata.kabar("masuk", "warning");
        this.form.replaceWith(ended);
        ended.focus();
      } else {
        antrean.kata.nanti("tersimpan", "info");
        // The form anew, for the next one, if this device can show it without signal.
        const options = { ignoreSearch: true, ignoreVary: true };
        const again = navigator.onLine || (await caches.match(location.href, options));
        location.assign(again ? location.pathname + location.search : DAFTAR);
      }
    }

    tell(kata, kind, values) {
      this.told?.remove();
      this.told = antrean.kata.kabar(kata, kind, values);
      this.form.before(this.told);
      if (kind !== "info") this.told.focus();
      return this.told;
    }
  }

  function grouped(pairs) {
    const found = new Map();
    for (const [name, value] of pairs) found.set(name, [...(found.get(name) ?? []), value]);
    return found;
  }

  const forms = [];
  antrean.pasang = (form) => forms.push(new Formulir(form));
  // What was typed a moment ago, too.
  antrean.simpanDraf = () => Promise.all(forms.map((form) => form.keepDraft()));
  document.addEventListener("DOMContentLoaded", () => {
    if (!antrean.siap || !antrean.akun) return;
    for (const form of document.querySelectorAll("form[data-antre]")) antrean.pasang(form);
  });
})();
