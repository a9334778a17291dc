// Keeps `<div data-langsung="/address">` fresh: by a stream of events, or by asking when there can be none.
// Only for what is on screen: a hidden tab holds no connection. Fires `langsung:isi` and `langsung:selesai`.
(() => {
  const FIRST_WORD_MS = 8000;
  const ASK_MS = 15000;
  const TRY_STREAM_AGAIN_MS = 120000;

  class Langsung {
    constructor(place) {
      this.place = place;
      this.streamFrom = 0;
    }

    start() {
      this.stop();
      if (this.done || document.hidden || !navigator.onLine) return;
      if (window.EventSource && Date.now() >= this.streamFrom) this.listen();
      else this.ask();
    }

    stop() {
      this.source?.close();
      this.source = null;
      clearTimeout(this.timer);
    }

    listen() {
      const source = new EventSource(this.place.dataset.langsung);
      this.source = source;
      // A proxy that holds answers back would leave the page stale without any error.
      this.timer = setTimeout(() => this.fallBack(), FIRST_WORD_MS);
      source.addEventListener("isi", (event) => {
        clearTimeout(this.timer);
        this.show(event.data);
      });
      source.addEventListener("selesai", () => this.finish());
      source.onerror = () => {
        // CONNECTING: the browser comes back by itself. CLOSED: refused (full, or the session has ended).
        if (source.readyState === EventSource.CLOSED) this.fallBack();
      };
    }

    fallBack() {
      this.stop();
      this.streamFrom = Date.now() + TRY_STREAM_AGAIN_MS;
      this.ask();
    }

    async ask() {
      let pause = Number(this.place.dataset.langsungJeda || 0) * 1000 || ASK_MS;
      try {
        const answer = await fetch(this.place.dataset.langsung, { headers: { "HX-Request": "true" } });
        if (answer.status === 401 || answer.status === 403 || answer.status === 404) return;
        if (answer.ok) {
          this.show(await answer.text());
          if (answer.headers.has("Langsung-Selesai")) return this.finish();
        } else {
          pause = Number(answer.headers.get("Retry-After") || 0) * 1000 || 2 * pause;
        }
      } catch {
        pause *= 2;
      }
      if (this.source || document.hidden) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.start(), pause);
    }

    show(html) {
      if (html.trim() === this.shown) return;
      this.shown = html.trim();
      const focused = this.place.contains(document.activeElement) ? document.activeElement.id : "";
      this.place.innerHTML = html;
      window.htmx?.process(this.place);
      if (focused) document.getElementById(focused)?.focus();
      this.place.dispatchEvent(new CustomEvent("langsung:isi", { bubbles: true }));
    }

    finish() {
      this.done = true;
      this.stop();
      this.place.dispatchEvent(new CustomEvent("langsung:selesai", { bubbles: true }));
      if (this.place.hasAttribute("data-langsung-muat")) location.reload();
    }
  }

  const all = [];
  const begin = (root) => {
    for (const place of root.querySelectorAll("[data-langsung]:not([data-langsung-siap])")) {
      place.dataset.langsungSiap = "";
      all.push(new Langsung(place));
      all.at(-1).start();
    }
  };
  const everyone = (what) => {
    for (const one of all) if (one.place.isConnected) one[what]();
      else one.stop();
  };
  document.addEventListener("DOMContentLoaded", () => begin(document));
  document.addEventListener("htmx:load", (event) => begin(event.target));
  document.addEventListener("visibilitychange", () => everyone(document.hidden ? "stop" : "start"));
  addEventListener("pageshow", (event) => event.persisted && everyone("start"));
  addEventListener("pagehide", () => everyone("stop"));
  addEventListener("online", () => everyone("start"));
  addEventListener("offline", () => everyone("stop"));
})();
