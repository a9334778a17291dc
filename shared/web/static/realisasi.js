// The form of realisasi: another RHK brings its usual unit, unless a unit was typed.
(() => {
  const holder = document.querySelector("[data-satuan]");
  if (!holder) return;
  const units = JSON.parse(holder.dataset.satuan);
  holder.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (!name?.endsWith("/rhk_id") || !units[value]) return;
    const unit = holder.querySelector(`[name="${name.replace(/rhk_id$/, "satuan")}"]`);
    if (unit && unit.value === unit.defaultValue) unit.value = unit.defaultValue = units[value];
  });
})();
