// Keys of the list's rows: Ctrl + Enter saves, Alt + arrows go from row to row, Alt + Z undoes.
// Every row is a form that works without this.
const rows = () => [...document.querySelectorAll("form.person")];

const press = (row, step) => row.querySelector(`button[value="${step}"]`)?.click();

// The field to begin with: the first with an error, else the first.
const begin = (row) => {
  const field = row?.querySelector("[aria-invalid]") ?? row?.querySelector(".govuk-input");
  field?.focus();
  field?.select();
};

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("form.person");
  if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const all = rows();
    const by = event.key === "ArrowDown" ? 1 : -1;
    begin(row ? all[all.indexOf(row) + by] : all[0]);
  } else if (row && event.ctrlKey && event.key === "Enter") {
    press(row, "save");
  } else if (row && event.altKey && event.key.toLowerCase() === "z") {
    press(row, "undo");
  } else {
    return;
  }
  event.preventDefault();
});
