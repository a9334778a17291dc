// The queue of submissions on this device: kept in IndexedDB with their Idempotency-Key until the server has
// given its receipt. `shared/web/README.md` describes the seam; forms are in antrean-formulir.js.
"use strict";
window.antrean = (() => {
  // A kind of form: where its files go first, what its receipt is known by, and the page that shows it.
  const JENIS = {
    realisasi: {
      bukti: "/api/skp/bukti",
      nomor: (jawaban) => jawaban.data.map((one) => one.realisasi_id),
      waktu: (jawaban) => jawaban.data[0].dikirim_pada,
      lihat: ({ nomor, tanggal }) =>
        nomor.length === 1 ? `/skp/realisasi/${nomor[0]}` : `/skp/realisasi?periode=${tanggal.slice(0, 7)}`,
      judul: /\/uraian$/,
      tanggal: /\/tanggal$/,
    },
  };

  const PALING_BANYAK = 300;
  const PALING_BESAR = 100 * 1024 * 1024;
  const IKUT_PALING_BESAR = 20 * 1024 * 1024;
  // The server remembers keys for 35 days. What it may have received before must not be sent by itself later.
  const KUNCI_MS = 34 * 24 * 3600 * 1000;
  const TERIMA_DISIMPAN_MS = 62 * 24 * 3600 * 1000;
  const ISTIRAHAT_MS = 30000;
  const JEDA_AWAL_MS = 4000;
  const JEDA_SINYAL_MS = 500;
  const JEDA_AKHIR_MS = 300000;
  const SEDANG_SIBUK = [408, 425, 429, 502, 503, 504];

  const akun = document.documentElement.dataset.akun ?? "";
  // Without https a browser has no locks, digests or service workers: forms are then sent the plain way.
  const siap = Boolean(isSecureContext && window.indexedDB && navigator.locks && crypto.subtle && window.idb);

  let membuka;
  function basisData() {
    membuka ??= idb.openDB("ekinerja", 1, {
      upgrade(db) {
        db.createObjectStore("kiriman", { keyPath: "id" }).createIndex("akun", "akun");
        db.createObjectStore("berkas", { keyPath: ["akun", "sha256"] });
        db.createObjectStore("draf", { keyPath: ["akun", "kunci"] });
      },
      // Another tab brings a newer form of the database: let it pass.
      blocking: (_now, _next, event) => event.target.close(),
    });
    return membuka;
  }
  // "strict": on the disk before we say that it is kept.
  const menulis = async (...stores) =>
    (await basisData()).transaction(stores, "readwrite", { durability: "strict" });

  // --- Telling others ------------------------------------------------------------------------------
  const saluran = siap ? new BroadcastChannel("antrean") : null;
  const kabar = new EventTarget();
  const umumkan = () => kabar.dispatchEvent(new Event("berubah"));
  if (saluran) saluran.onmessage = umumkan;
  function berubah() {
    saluran.postMessage(1);
    umumkan();
  }

  // --- What is there -------------------------------------------------------------------------------
  async function daftar() {
    const all = await (await basisData()).getAllFromIndex("kiriman", "akun", akun);
    return all.sort((a, b) => a.dibuat - b.dibuat);
  }

  async function hitung() {
    const mine = await daftar();
    const db = await basisData();
    return {
      menunggu: mine.filter((one) => one.keadaan === "menunggu").length,
      ditolak: mine.filter((one) => one.keadaan === "ditolak").length,
      perluMasuk: mine.some((one) => one.keadaan === "menunggu" && one.sebab === "masuk"),
      draf: (await db.getAllKeys("draf", milik())).length,
      orangLain: (await db.getAll("kiriman")).filter((one) => one.akun !== akun && one.keadaan !== "terkirim").length,
    };
  }

  const milik = () => IDBKeyRange.bound([akun], [akun, []]);

  async function terpakai() {
    const files = await (await basisData()).getAll("berkas");
    return files.reduce((sum, one) => sum + one.isi.size, 0);
  }

  // --- Putting in ----------------------------------------------------------------------------------
  class Penuh extends Error {}

  // {jenis, id, tujuan, nilai: [[name, text]], berkas: [{nama: field name, isi: File}], halaman, kunciDraf}:
  // kept when this returns. Raises Penuh. A file stands in the form by its SHA-256: field `x/berkas` -> `x/bukti[]`.
  async function tambah({ jenis, id, tujuan, nilai, berkas, halaman, kunciDraf }) {
    const files = [];
    const bukti = [];
    for (const { nama: field, isi: file } of berkas) {
      const content = await file.arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
      const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      const nama = file.name || "bukti";
      files.push({ akun, sha256, isi: new Blob([content], { type: file.type }), nama, terunggah: false });
      bukti.push({ sha256, nama, ukuran: file.size, field });
    }
    const kind = JENIS[jenis];
    const titles = nilai.filter(([name, value]) => kind.judul.test(name) && value.trim());
    const item = {
      ...{ id, akun, jenis, tujuan, nilai, bukti, halaman, kunciDraf },
      judul: titles[0]?.[1].trim() ?? "",
      lainnya: Math.max(0, titles.length - 1),
      tanggal: nilai.find(([name]) => kind.tanggal.test(name))?.[1],
      ...{ dibuat: Date.now(), keadaan: "menunggu", sebab: "", percobaan: 0 },
    };
    const baru = files.reduce((sum, one) => sum + one.isi.size, 0);
    const mine = (await daftar()).filter((one) => one.keadaan !== "terkirim");
    if (mine.length >= PALING_BANYAK || (await terpakai()) + baru > PALING_BESAR) throw new Penuh();
    try {
      const tx = await menulis("kiriman", "berkas", "draf");
      for (const file of files) {
        const known = await tx.objectStore("berkas").get([akun, file.sha256]);
        if (!known) await tx.objectStore("berkas").add(file);
      }
      await tx.objectStore("kiriman").add(item);
      await tx.objectStore("draf").delete([akun, kunciDraf]);
      await tx.done;
    } catch (error) {
      if (error.name === "QuotaExceededError") throw new Penuh();
      throw error;
    }
    // Asks the browser not to clear this away when the device runs short of space.
    navigator.storage?.persist?.();
    berubah();
    return item;
  }

  // --- Taking out ----------------------------------------------------------------------------------
  // In one transaction: the item, and the files that nothing else needs.
  async function keluarkan(tx, id) {
    const store = tx.objectStore("kiriman");
    const item = await store.get(id);
    if (!item) return;
    await store.delete(id);
    await lepaskanBerkas(tx, item);
  }

  async function lepaskanBerkas(tx, item) {
    const others = (await tx.objectStore("kiriman").index("akun").getAll(item.akun)).filter(
      (one) => one.id !== item.id && one.keadaan !== "terkirim",
    );
    const needed = new Set(others.flatMap((one) => one.bukti.map((file) => file.sha256)));
    for (const { sha256 } of item.bukti) {
      if (!needed.has(sha256)) await tx.objectStore("berkas").delete([item.akun, sha256]);
    }
  }

  const terkunci = (work, options = {}) => navigator.locks.request("antrean", options, work);

  // Not while it is on its way: what the server is about to receive is not thrown away unseen.
  function hapus(id) {
    return terkunci(async () => {
      const tx = await menulis("kiriman", "berkas");
      await keluarkan(tx, id);
      await tx.done;
      berubah();
    });
  }

  // Back to its form, with all that was typed. False when the form holds another draft.
  function ubah(id) {
    return terkunci(async () => {
      const tx = await menulis("kiriman", "berkas", "draf");
      const item = await tx.objectStore("kiriman").get(id);
      if (!item || (await tx.objectStore("draf").get([akun, item.kunciDraf]))) return false;
      const berkas = [];
      for (const { sha256, nama, field } of item.bukti) {
        const file = await tx.objectStore("berkas").get([akun, sha256]);
        if (file) berkas.push({ nama: field, isi: new File([file.isi], nama, { type: file.isi.type }) });
      }
      // It may have arrived although its answer did not: under its old key the server takes it only once.
      const kunciLama = item.keadaan === "menunggu" && item.percobaan ? item.id : undefined;
      const draft = { akun, kunci: item.kunciDraf, nilai: item.nilai, berkas, kunciLama, diubah: Date.now() };
      await tx.objectStore("draf").put(draft);
      await keluarkan(tx, id);
      await tx.done;
      berubah();
      return item;
    });
  }

  const sudahAda = (item) => item.jawaban?.errors?.some((error) => error.pointer === "/Idempotency-Key");

  // The person has decided: what its key cannot answer for (forgotten, or used before) gets a new one.
  async function ulangi(id) {
    const tx = await menulis("kiriman", "berkas");
    const item = await tx.objectStore("kiriman").get(id);
    if (item) {
      const fresh = sudahAda(item) || item.jawaban?.kedaluwarsa;
      if (fresh) await tx.objectStore("kiriman").delete(id);
      const anew = fresh ? { id: crypto.randomUUID(), pertama: undefined, percobaan: 0 } : {};
      const state = { keadaan: "menunggu", sebab: "", jawaban: null };
      await tx.objectStore("kiriman").put({ ...item, ...state, ...anew });
      // Its files too: the server may no longer have what nothing came to use.
      for (const { sha256 } of item.bukti) {
        const file = await tx.objectStore("berkas").get([akun, sha256]);
        if (file) await tx.objectStore("berkas").put({ ...file, terunggah: false });
      }
    }
    await tx.done;
    berubah();
    return kirim({ segera: true });
  }

  // Everything of this account: for logging out.
  async function kosongkan() {
    const tx = await menulis("kiriman", "berkas", "draf");
    for (const key of await tx.objectStore("kiriman").index("akun").getAllKeys(akun)) {
      await tx.objectStore("kiriman").delete(key);
    }
    await tx.objectStore("berkas").delete(milik());
    await tx.objectStore("draf").delete(milik());
    await tx.done;
    berubah();
  }

  // A draft is a convenience: it does not stay for the next person at this device. A queued item does,
  // unseen, for its owner to come back to.
  async function rapikan() {
    const tx = await menulis("kiriman", "draf");
    for (const [owner, kunci] of await tx.objectStore("draf").getAllKeys()) {
      if (owner !== akun) await tx.objectStore("draf").delete([owner, kunci]);
    }
    const until = Date.now() - TERIMA_DISIMPAN_MS;
    for (const item of await tx.objectStore("kiriman").getAll()) {
      if (item.keadaan === "terkirim" && (item.akun !== akun || item.dibuat < until)) {
        await tx.objectStore("kiriman").delete(item.id);
      }
    }
    await tx.done;
  }

  // --- Sending -------------------------------------------------------------------------------------
  let jeda = JEDA_AWAL_MS;
  let lagi = 0;
  let jam;

  async function perbarui(id, change) {
    const tx = await menulis("kiriman", "berkas");
    const item = await tx.objectStore("kiriman").get(id);
    if (item) {
      await change(item, tx);
      await tx.objectStore("kiriman").put(item);
    }
    await tx.done;
    berubah();
  }

  // Sends what waits, oldest first, one tab at a time. `segera`: not only when the pause is over and no other
  // tab is at it.
  async function kirim({ segera = false } = {}) {
    if (!siap || !akun || (!segera && Date.now() < lagi)) return;
    await terkunci((lock) => lock && kirimSemua(), { ifAvailable: !segera });
  }

  async function kirimSemua() {
    clearTimeout(jam);
    const tried = new Set();
    for (;;) {
      const item = (await daftar()).find((one) => one.keadaan === "menunggu" && !tried.has(one.id));
      if (!item) break;
      tried.add(item.id);
      const told = await kirimSatu(item);
      if (told.berhenti) {
        tunggu(told.jeda);
        return;
      }
    }
    jeda = JEDA_AWAL_MS;
    lagi = 0;
    if ((await hitung()).menunggu) tunggu();
  }

  function tunggu(asked) {
    jeda = Math.min(JEDA_AKHIR_MS, jeda * 2);
    const pause = Math.max(asked ?? 0, jeda * (0.5 + Math.random() / 2));
    lagi = Date.now() + pause;
    clearTimeout(jam);
    jam = setTimeout(kirim, pause + 50);
  }

  async function kirimSatu(item) {
    const kind = JENIS[item.jenis];
    if (item.pertama && Date.now() - item.pertama > KUNCI_MS) {
      await perbarui(item.id, (one) => Object.assign(one, { keadaan: "ditolak", jawaban: { kedaluwarsa: true } }));
      return {};
    }
    await perbarui(item.id, (one) => {
      one.percobaan += 1;
      one.pertama ??= Date.now();
    });
    let { ikut } = item;
    for (const { sha256, nama } of ikut ? [] : item.bukti) {
      const file = await (await basisData()).get("berkas", [akun, sha256]);
      if (!file || file.terunggah) continue;
      const told = await minta("PUT", `${kind.bukti}/${sha256}?nama=${encodeURIComponent(nama)}`, {
        kunci: `${item.id}:${item.percobaan}:${sha256.slice(0, 16)}`,
        isi: file.isi,
        jenis: "application/octet-stream",
      });
      if (told.status === 0 && navigator.onLine && besar(item) <= IKUT_PALING_BESAR) {
        // Some networks let no PUT through. From now on always so: the same key must mean the same request.
        ikut = true;
        await perbarui(item.id, (one) => Object.assign(one, { ikut }));
        break;
      }
      if (!told.diterima) return belum(item, told);
      await perbarui(item.id, (_, tx) => tx.objectStore("berkas").put({ ...file, terunggah: true }));
    }
    const told = await minta("POST", item.tujuan, { kunci: item.id, ...(ikut ? await bersama(item) : terpisah(item)) });
    if (!told.diterima) return belum(item, told);
    await perbarui(item.id, async (one, tx) => {
      Object.assign(one, { keadaan: "terkirim", sebab: "", nilai: [], diterima: Date.now() });
      one.nomor = kind.nomor(told.isi);
      one.waktu = kind.waktu(told.isi);
      await lepaskanBerkas(tx, one);
    });
    return {};
  }

  const besar = (item) => item.bukti.reduce((sum, file) => sum + file.ukuran, 0);

  // The form with its files named, or with its files in it.
  function terpisah(item) {
    const files = item.bukti.map(({ field, sha256 }) => [daftarBukti(field), sha256]);
    const isi = new URLSearchParams([...item.nilai, ...files]).toString();
    return { isi, jenis: "application/x-www-form-urlencoded;charset=UTF-8" };
  }

  async function bersama(item) {
    const isi = new FormData();
    for (const [name, value] of item.nilai) isi.append(name, value);
    for (const { field, sha256, nama } of item.bukti) {
      const file = await (await basisData()).get("berkas", [akun, sha256]);
      isi.append(field, file.isi, nama);
    }
    return { isi, ukuran: besar(item) };
  }

  const daftarBukti = (field) => `${field.replace(/[^/]*$/, "")}bukti[]`;

  async function minta(method, url, { kunci, isi, jenis, ukuran = isi.size ?? isi.length }) {
    // A form with files in it names its type itself.
    const kinds = jenis ? { "Content-Type": jenis } : {};
    try {
      const answer = await fetch(url, {
        method,
        body: isi,
        headers: { ...kinds, Accept: "application/json", "Idempotency-Key": kunci, "Ekinerja-Akun": akun },
        redirect: "error",
        cache: "no-store",
        signal: AbortSignal.timeout(30000 + ukuran / 4),
      });
      // The page of a hotspot that wants its own login is no receipt.
      if (!/json/.test(answer.headers.get("Content-Type") ?? "")) return { status: answer.ok ? 0 : answer.status };
      const body = await answer.json();
      const wait = 1000 * Number(answer.headers.get("Retry-After") ?? 0);
      return { diterima: answer.ok, status: answer.status, isi: body, jeda: wait };
    } catch {
      return { status: 0 };
    }
  }

  // What a refusal means: wait for signal, for a login, for a quieter server, or for the person.
  async function belum(item, told) {
    const state = { keadaan: "menunggu" };
    if (told.status === 0) state.sebab = "sinyal";
    else if (told.status === 401) state.sebab = "masuk";
    else if (told.status >= 500 || SEDANG_SIBUK.includes(told.status)) state.sebab = "sibuk";
    else Object.assign(state, { keadaan: "ditolak", sebab: "", jawaban: { status: told.status, ...told.isi } });
    await perbarui(item.id, (one) => Object.assign(one, state));
    // A fault with one item (500) must not hold up the others.
    const everyone = ["sinyal", "masuk"].includes(state.sebab) || SEDANG_SIBUK.includes(told.status);
    return { berhenti: everyone, jeda: told.jeda };
  }

  // The item once it no longer waits to be tried, or as it is after `ms`.
  async function hasil(id, ms) {
    const until = Date.now() + ms;
    for (;;) {
      const item = await (await basisData()).get("kiriman", id);
      const left = until - Date.now();
      if (!item || item.keadaan !== "menunggu" || item.sebab || left <= 0) return item;
      await new Promise((next) => {
        kabar.addEventListener("berubah", next, { once: true });
        setTimeout(next, left);
      });
    }
  }

  // --- Drafts --------------------------------------------------------------------------------------
  // A key that stands in a kept copy of a page may have been used already.
  const terpakaiKunci = async (id) => Boolean(await (await basisData()).getKey("kiriman", id));

  const draf = {
    ambil: async (kunci) => (await basisData()).get("draf", [akun, kunci]),
    async simpan(kunci, draft) {
      try {
        await (await basisData()).put("draf", { ...draft, akun, kunci, diubah: Date.now() });
        return true;
      } catch (error) {
        if (error.name !== "QuotaExceededError") throw error;
        return false;
      }
    },
    hapus: async (kunci) => (await basisData()).delete("draf", [akun, kunci]),
  };

  if (siap && akun) {
    addEventListener("online", () => {
      // The first try may come before the network carries anything: the second follows soon.
      jeda = JEDA_SINYAL_MS;
      kirim({ segera: true });
    });
    addEventListener("focus", () => kirim());
    document.addEventListener("visibilitychange", () => document.hidden || kirim());
    addEventListener("pageshow", () => kirim({ segera: true }));
    setInterval(kirim, ISTIRAHAT_MS);
    rapikan().then(umumkan);
  }
  return {
    ...{ akun, siap, JENIS, Penuh, kabar, draf },
    ...{ daftar, hitung, terpakai, tambah, hapus, ubah, ulangi, sudahAda, terpakaiKunci, kosongkan, kirim, hasil },
    penuh: PALING_BESAR,
  };
})();
