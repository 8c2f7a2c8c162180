// Keys of the workbench's rows, only while the focus is in their table: N and P go to the next row
// and the one before, A accepts, R refuses and goes to the reason, Enter there to the next row.
// Every row is marked without this too.
const form = document.querySelector("form[data-bench]");
const rows = [...(form?.querySelectorAll("tr[data-row]") ?? [])];
const save = form?.querySelector("button:not([name])");

// To a row's mark; after the last one, to the button that keeps the marks.
const begin = (row) => {
  const mark = row?.querySelector("input[type=radio]:checked, input[type=radio]");
  (mark ?? save)?.focus();
};

const mark = (row, as) => {
  const radio = row.querySelector(`input[type=radio][value="${as}"]`);
  radio.checked = true;
  return radio;
};

const pressed = (key, row) => {
  const at = rows.indexOf(row);
  if (key === "n") begin(row ? rows[at + 1] : rows[0]);
  else if (key === "p" && at > 0) begin(rows[at - 1]);
  else if (key === "a" && row) {
    mark(row, "accept");
    begin(rows[at + 1]);
  } else if (key === "r" && row) {
    mark(row, "refuse");
    row.querySelector("select").focus();
  } else return false;
  return true;
};

const inTable = (target) => form?.querySelector(".table")?.contains(target);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !inTable(event.target)) return;
  const row = event.target.closest("tr[data-row]");
  if (event.target.matches("select, textarea, input:not([type=radio])")) {
    // Letters are the field's own; Enter in a reason that is chosen goes on.
    if (event.key !== "Enter" || !row || !event.target.matches("select")) return;
    if (!event.target.value) return;
    mark(row, "refuse");
    begin(rows[rows.indexOf(row) + 1]);
  } else if (!pressed(event.key.toLowerCase(), row)) {
    return;
  }
  event.preventDefault();
});

// The line that tells of the keys is of no use without them.
for (const line of form?.querySelectorAll("[data-keys]") ?? []) line.hidden = false;
