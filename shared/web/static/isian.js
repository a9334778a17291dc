// Fields that browsers show in their own language: dates in words, and a file's name beside our own button.
(() => {
  const day = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  const say = (words) => {
    const chosen = words.previousElementSibling.valueAsDate;
    words.textContent = chosen ? day.format(chosen) : "";
    words.hidden = !chosen;
  };
  const name = (place) => {
    const words = place.querySelector("[data-kosong]");
    const chosen = [...place.querySelector("input").files].map((one) => one.name);
    words.textContent = chosen.join(", ") || words.dataset.kosong;
    place.classList.add("pilih-berkas-siap");
  };
  const look = (part) => {
    part.querySelectorAll("[data-tanggal-kata]").forEach(say);
    part.querySelectorAll("[data-pilih-berkas]").forEach(name);
  };

  document.addEventListener("input", ({ target }) => {
    const words = target.nextElementSibling;
    if (words?.matches("[data-tanggal-kata]")) say(words);
    const place = target.closest("[data-pilih-berkas]");
    if (place) name(place);
  });
  document.addEventListener("htmx:load", (event) => look(event.target));
  // Back from the next page the browser fills fields in again, after this script has run.
  addEventListener("pageshow", () => look(document));
})();
