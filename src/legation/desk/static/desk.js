// What the desk does beyond plain pages: keys, dropped files, one open form at a time. Everything works without it.
"use strict";

const rows = () => [...document.querySelectorAll(".rows .says")];

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select");
  if (field || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector(".find input").focus();
  } else if (event.key === "j" || event.key === "k") {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const next = all[event.key === "j" ? at + 1 : Math.max(0, at - 1)];
    if (next) next.focus();
  }
});

for (const area of document.querySelectorAll("[data-drop]")) {
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    const picker = area.form.querySelector('input[type="file"]');
    picker.files = event.dataTransfer.files;
    area.form.requestSubmit();
  });
}

if (matchMedia("(max-width: 60rem)").matches) {
  for (const rail of document.querySelectorAll(".rail details")) rail.open = false;
}

document.addEventListener("submit", (event) => event.target.setAttribute("aria-busy", "true"));

// What changed in place is said, and is where the keyboard goes on.
document.addEventListener("htmx:after:swap", () => {
  const said = document.querySelector("#main .notice") ?? document.querySelector("#main");
  said.tabIndex = -1;
  said.focus();
  said.scrollIntoView({ block: "nearest" });
  localised();
});

const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
function localised() {
  if (!new Date().getTimezoneOffset()) return;
  for (const time of document.querySelectorAll("time[datetime]")) {
    if (!time.dataset.utc) time.append(`, ${local.format(new Date(time.dateTime))} where you are`);
    time.dataset.utc = "said";
  }
}
localised();

const lit = location.hash && document.getElementById(location.hash.slice(1));
const beside = lit && lit.closest(".scroll");
if (beside) beside.scrollTop = lit.offsetTop - beside.offsetTop - beside.clientHeight / 3;
