// Evidence: pictures are made small (which also drops EXIF and the place where they were taken), files go up while
// the form is being filled in, and go on after a break where they ended.
//
// What a form would send is complete at every moment: a file that has arrived stands in it by its SHA-256, one that
// has not is in its file field and goes along with the form. Whoever sends the form another way needs nothing else.
(() => {
  const EDGE = 1600;
  const QUALITY = 0.82;
  const PART = 256 * 1024;
  const PATIENCE = 20000;
  const busy = new Map(); // form -> Sets of promises worth waiting for before it is sent

  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const online = () =>
    navigator.onLine ? Promise.resolve() : new Promise((done) => addEventListener("online", done, { once: true }));
  const size = (bytes) =>
    bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;

  class Refused extends Error {}
  class Stopped extends Error {}

  // Not for the screen where that can be: a canvas of the page is packed when the page has nothing else to do.
  function blank(width, height) {
    if (globalThis.OffscreenCanvas) return new OffscreenCanvas(width, height);
    return Object.assign(document.createElement("canvas"), { width, height });
  }

  async function small(file) {
    if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      const canvas = blank(...[picture.width, picture.height].map((edge) => Math.max(1, Math.round(edge * scale))));
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const blob = canvas.convertToBlob
        ? await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY })
        : await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      if (!blob) return file;
      return new File([blob], `${file.name.replace(/\.[^.]*$/, "") || "foto"}.jpg`, { type: "image/jpeg" });
    } catch {
      return file; // not a picture this browser can read: the server says whether it is one
    }
  }

  async function ask(method, url, body) {
    const headers = { Accept: "application/json" };
    if (method !== "GET") {
      headers["Idempotency-Key"] = crypto.randomUUID();
      headers["Content-Type"] = "application/octet-stream";
    }
    const answer = await fetch(url, { method, headers, body, credentials: "same-origin" });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    if (answer.status === 409 && typeof told.diterima === "number") return told;
    if (answer.status === 401) throw new Stopped();
    if (answer.status === 429 || answer.status >= 500) throw new Error(told.detail || "sibuk");
    const reason = (told.errors || [])[0];
    throw new Refused(reason ? [reason.reason, reason.remedy].filter(Boolean).join(". ") : told.detail || "");
  }

  async function upload(file, sha256, anew, progress) {
    const place = `/api/skp/bukti/${sha256}`;
    const name = encodeURIComponent(file.name);
    if (file.size <= PART) return ask("PUT", `${place}?nama=${name}`, file);
    let state = await ask("GET", `${place}/unggahan`);
    let from = state.ukuran === file.size && !anew ? state.diterima : 0;
    while (!state.selesai) {
      progress(from / file.size);
      const part = file.slice(from, from + PART);
      state = await ask("PATCH", `${place}/unggahan?mulai=${from}&ukuran=${file.size}&nama=${name}`, part);
      from = state.diterima;
    }
    return state;
  }

  // Tries until it is through or refused; what breaks the connection only makes it wait.
  async function persist(file, sha256, progress, told) {
    for (let attempt = 0; ; attempt += 1) {
      await online();
      try {
        // After several failures in a row: from the beginning, in case what had arrived is lost.
        await upload(file, sha256, attempt % 6 === 5, progress);
        return;
      } catch (error) {
        if (error instanceof Refused || error instanceof Stopped) throw error;
        told();
        await sleep(Math.min(30000, 1000 * 2 ** attempt));
      }
    }
  }

  function set(box) {
    const form = box.closest("form");
    const inputs = [...box.querySelectorAll("input[type=file]")];
    const holder = inputs[inputs.length - 1];
    const list = box.querySelector("[data-bukti-daftar]");
    const news = box.querySelector("[data-bukti-kabar]");
    const limit = Number(box.dataset.batas);
    const words = JSON.parse(box.dataset.kata);
    const word = (name, file, more) =>
      words[name].replace("{nama}", file?.name ?? "").replace("{isi}", more ?? "");
    const waiting = new Set();
    if (!busy.has(form)) busy.set(form, { preparing: new Set(), sending: new Set() });

    const hold = () => {
      const files = new DataTransfer();
      for (const one of waiting) files.items.add(one);
      holder.files = files.files;
    };
    // The list shows it; this tells it to who does not see the list change.
    const say = (text) => {
      news.classList.add("visually-hidden");
      news.textContent = text;
    };
    const during = (kind, promise) => {
      const those = busy.get(form)[kind];
      those.add(promise);
      promise.finally(() => those.delete(promise));
    };

    function row(file) {
      const item = document.createElement("li");
      item.className = "bukti-baris";
      const told = document.createElement("div");
      const name = document.createElement("span");
      name.textContent = `${file.name} (${size(file.size)})`;
      const state = document.createElement("span");
      state.className = "redup";
      const bar = document.createElement("progress");
      bar.max = 1;
      bar.setAttribute("aria-label", word("kemajuan", file));
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn btn-baris";
      remove.textContent = words.hapus;
      remove.setAttribute("aria-label", word("hapus_nama", file));
      told.append(name, state, bar);
      if (file.type.startsWith("image/")) {
        const picture = document.createElement("img");
        picture.alt = "";
        picture.src = URL.createObjectURL(file);
        picture.onload = () => URL.revokeObjectURL(picture.src);
        picture.onerror = () => picture.remove();
        item.append(picture);
      }
      item.append(told, remove);
      list.append(item);
      return { item, state, bar, remove };
    }

    async function take(original) {
      const file = await small(original);
      const shown = row(file);
      const refuse = (text) => {
        waiting.delete(file);
        hold();
        shown.bar.remove();
        shown.state.textContent = word("ditolak", file, text);
        shown.item.classList.add("ditolak");
        say(word("ditolak", file, text));
      };
      shown.remove.addEventListener("click", () => {
        waiting.delete(file);
        hold();
        shown.item.remove();
        say(word("dihapus", file));
        (inputs[0] || holder).focus();
      });
      const along = () => {
        shown.bar.remove();
        shown.state.textContent = words.ikut;
      };
      if (file.size > limit) {
        refuse(words.terlalu_besar);
        return;
      }
      waiting.add(file);
      hold();
      if (!globalThis.crypto?.subtle) {
        along();
        return;
      }
      const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      shown.state.textContent = navigator.onLine ? word("mengunggah", file, "0") : words.menunggu_sambungan;
      const sent = persist(
        file,
        sha256,
        (part) => {
          shown.bar.value = part;
          shown.state.textContent = word("mengunggah", file, Math.round(part * 100));
        },
        () => {
          shown.state.textContent = words.terputus;
        },
      ).then(
        () => {
          if (!waiting.delete(file)) return; // removed meanwhile
          hold();
          shown.bar.remove();
          shown.state.textContent = words.terunggah;
          shown.item.classList.add("terunggah");
          const field = document.createElement("input");
          field.type = "hidden";
          field.name = `${box.dataset.bukti}/bukti[]`;
          field.value = sha256;
          shown.item.append(field);
          say(word("terunggah_nama", file));
        },
        (error) => (error instanceof Stopped ? along() : refuse(error.message)),
      );
      during("sending", sent);
    }

    for (const input of inputs) {
      input.addEventListener("change", () => {
        const chosen = [...input.files];
        if (input !== holder) input.value = "";
        // The holder shows all that wait; those are not new.
        const fresh = chosen.filter((file) => !waiting.has(file));
        hold();
        for (const file of fresh) during("preparing", take(file));
      });
    }
    box.classList.add("berskrip");
  }

  // Before the form goes (or is queued), what is being prepared gets ready; what is on its way gets its chance to
  // arrive, where there is signal.
  addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const { preparing, sending } = busy.get(form) ?? {};
      const worthWaiting = () => preparing?.size || (navigator.onLine && sending?.size);
      if (!worthWaiting() || form.dataset.tungguBukti === "cukup") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.dataset.tungguBukti) return;
      form.dataset.tungguBukti = "menunggu";
      const { submitter } = event;
      const news = form.querySelector("[data-bukti-kabar]");
      news.classList.remove("visually-hidden");
      news.textContent = JSON.parse(news.closest("[data-kata]").dataset.kata).menunggu;
      const settle = async () => {
        while (worthWaiting()) {
          await Promise.allSettled(preparing.size ? [...preparing] : [...sending]);
        }
      };
      Promise.race([settle(), sleep(PATIENCE)]).then(() => {
        form.dataset.tungguBukti = "cukup"; // what has not arrived goes along in the form itself
        form.requestSubmit(submitter);
        delete form.dataset.tungguBukti;
      });
    },
    true,
  );

  for (const box of document.querySelectorAll("[data-bukti]")) set(box);
})();
