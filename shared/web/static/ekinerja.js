// What pages gain where JavaScript runs. Every journey works without it.
(() => {
  // A form is sent once: the second click of a double click does nothing. The server holds to it as well.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-sekali]")) return;
    if (form.dataset.terkirim) {
      event.preventDefault();
      return;
    }
    form.dataset.terkirim = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Back from the next page, the browser shows this one as it was: it may be sent again then.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-terkirim]")) {
      delete form.dataset.terkirim;
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });

  // A long menu beside the page: the part that tells where one is stands in sight.
  const menu = document.getElementById("menu");
  const here = menu?.querySelector('[aria-current="page"]');
  if (here && getComputedStyle(menu).position === "sticky") {
    const hidden = here.offsetTop + here.offsetHeight - menu.clientHeight;
    if (hidden > 0) menu.scrollTop = hidden + here.offsetHeight;
  }

  // What a link leads to is opened when it lies folded; not every browser does so by itself.
  const unfold = (hash) => {
    const there = document.getElementById(hash.slice(1));
    for (let part = there?.closest("details"); part; part = part.parentElement.closest("details")) {
      part.open = true;
    }
    return there;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) unfold(link.hash);
  });
  addEventListener("hashchange", () => unfold(location.hash));
  unfold(location.hash)?.scrollIntoView();

  // A long page of folded parts: all at once, and on paper all of them.
  const folded = () => [...document.querySelectorAll("details[data-lipatan]")];
  for (const row of document.querySelectorAll("[data-lipat-semua]")) row.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-lipat]");
    if (button) for (const part of folded()) part.open = button.dataset.lipat === "buka";
  });
  let shut = [];
  addEventListener("beforeprint", () => {
    shut = folded().filter((part) => !part.open);
    for (const part of shut) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of shut) part.open = false;
  });

  // A service that does not answer costs its card, which says so.
  const failed = (event) => {
    // A button that answers in place falls back to a page, which says what is wrong.
    event.target.closest("form[hx-post]")?.submit();
    const card = event.target.closest("[data-fragmen]");
    if (!card) return;
    card.querySelector("[data-menunggu]")?.setAttribute("hidden", "");
    card.querySelector("[data-gagal]")?.removeAttribute("hidden");
  };
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, failed);
  }
})();
