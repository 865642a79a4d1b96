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

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => form.setAttribute("aria-busy", "true"));
}

const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime]")) {
  if (new Date().getTimezoneOffset()) time.append(`, ${local.format(new Date(time.dateTime))} where you are`);
}

const lit = location.hash && document.getElementById(location.hash.slice(1));
const beside = lit && lit.closest(".scroll");
if (beside) beside.scrollTop = lit.offsetTop - beside.offsetTop - beside.clientHeight / 3;
