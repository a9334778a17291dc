// Runs before the first paint: follows the device when the person has not chosen a theme.
(() => {
  const root = document.documentElement;
  if (root.dataset.tema !== "otomatis") return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
})();
