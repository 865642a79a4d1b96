// The timeline made zoomable: the server has drawn every incident (a link with its day); this moves them as the window changes,
// keeps the window in the address, and says what is in view. Without it the drawing stands as it came.
interface Dot {
  link: SVGAElement;
  circle: SVGCircleElement;
  day: number; // days since 1970
  lane: number; // its middle, in units of the drawing
  size: number;
}

const DAY = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function zoomable(svg: SVGSVGElement, frame: HTMLElement): void {
  const { left, right, lane } = svg.dataset as Record<string, string>;
  const area = { from: Number(left), to: svg.viewBox.baseVal.width - Number(right), lane: Number(lane), bottom: svg.viewBox.baseVal.height };
  const dots = [...svg.querySelectorAll<SVGAElement>("a[data-day]")].map((link): Dot => {
    const circle = link.querySelector("circle")!;
    return { link, circle, day: days(link.dataset.day!), lane: Number(link.dataset.lane), size: circle.r.baseVal.value };
  });
  if (!dots.length) return;
  const all: [number, number] = [Number(days(svg.dataset.first!)), Number(days(svg.dataset.last!))];
  let [first, last] = all;
  const ticks = svg.querySelector<SVGGElement>(".ticks")!;
  const count = document.querySelector<HTMLElement>("#inview")!;
  const list = document.querySelector<HTMLElement>("#inwindow")!;
  const bar = frame.querySelector<HTMLElement>(".zoombar")!;
  const brush = frame.querySelector<SVGSVGElement>(".brush")!;
  const [since, until] = [...document.querySelectorAll<HTMLInputElement>("form.window input[name=since], form.window input[name=until]")];

  const x = (day: number): number => area.from + ((day - first) / (last - first)) * (area.to - area.from);

  function draw(): void {
    const taken = new globalThis.Map<string, number>();
    let seen = 0;
    const visible: Dot[] = [];
    for (const dot of dots) {
      const inside = dot.day >= first && dot.day <= last;
      dot.link.toggleAttribute("hidden", !inside);
      dot.link.style.display = inside ? "" : "none";
      if (!inside) continue;
      seen += 1;
      visible.push(dot);
      const at = x(dot.day);
      const key = `${dot.lane} ${Math.round(at / 11)}`;
      const n = taken.get(key) ?? 0;
      taken.set(key, n + 1);
      const nudge = (n % 2 ? -1 : 1) * Math.ceil(n / 2) * 9;
      const most = area.lane / 2 - 5;
      dot.circle.cx.baseVal.value = at;
      dot.circle.cy.baseVal.value = dot.lane + Math.max(-most, Math.min(most, nudge));
    }
    count.textContent = String(seen);
    ticks.replaceChildren(...round(first, last).map(([day, label]) => tick(x(day), area.bottom, label)));
    list.replaceChildren(...visible.slice(0, 12).map(line));
    list.parentElement!.hidden = false;
    frame.querySelector<HTMLElement>("[data-window]")!.textContent = `${words(first)} – ${words(last)}`;
    for (const control of bar.querySelectorAll<HTMLButtonElement>("button[data-all]")) control.disabled = whole();
    window_.setAttribute("x", String(over(first)));
    window_.setAttribute("width", String(Math.max(3, over(last) - over(first))));
  }

  const whole = (): boolean => first <= all[0] && last >= all[1];

  function show(from: number, to: number, keep = true): void {
    const least = 6;
    if (to - from < least) [from, to] = [(from + to - least) / 2, (from + to + least) / 2];
    if (to - from >= all[1] - all[0]) [from, to] = all;
    if (from < all[0]) [from, to] = [all[0], all[0] + to - from];
    if (to > all[1]) [from, to] = [all[1] - (to - from), all[1]];
    [first, last] = [from, to];
    draw();
    if (keep) remember();
  }

  let waiting = 0;
  function remember(): void {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const address = new URL(location.href);
      address.hash = whole() ? "" : `window=${iso(Math.ceil(first))}_${iso(Math.floor(last))}`;
      history.replaceState(null, "", address);
    }, 200);
  }

  const zoom = (factor: number, around = (first + last) / 2): void =>
    show(around - (around - first) * factor, around + (last - around) * factor);
  const move = (part: number): void => show(first + (last - first) * part, last + (last - first) * part);
  const does: Record<string, () => void> = {
    in: () => zoom(0.5), out: () => zoom(2), earlier: () => move(-0.4), later: () => move(0.4), all: () => show(...all),
  };
  bar.hidden = false;
  for (const control of bar.querySelectorAll<HTMLButtonElement>("button[data-do]")) {
    control.addEventListener("click", () => does[control.dataset.do!]?.());
  }
  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = { "+": "in", "=": "in", "-": "out", ArrowLeft: "earlier", ArrowRight: "later", "0": "all", Escape: "all" }[event.key];
    if (!key) return;
    event.preventDefault();
    does[key]!();
  });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
    event.preventDefault();
    zoom(Math.exp((event.deltaY || event.deltaX) / 300), dayAt(svg, event.clientX));
  }, { passive: false });

  function dayAt(drawing: SVGSVGElement, clientX: number): number {
    const at = new DOMPoint(clientX, 0).matrixTransform(drawing.getScreenCTM()!.inverse()).x;
    const [from, to] = drawing === brush ? all : [first, last];
    return from + ((at - area.from) / (area.to - area.from)) * (to - from);
  }

  // The whole record below, to drag a window over.
  const over = (day: number): number => area.from + ((day - all[0]) / (all[1] - all[0])) * (area.to - area.from);
  const window_ = make("rect", { class: "window", y: "0", height: "34" });
  const columns = new globalThis.Map<number, number>();
  for (const dot of dots) columns.set(Math.round(over(dot.day) / 6), (columns.get(Math.round(over(dot.day) / 6)) ?? 0) + 1);
  const most = Math.max(...columns.values());
  for (const [column, n] of columns) {
    const height = 3 + (n / most) * 28;
    brush.append(make("rect", { class: "column", x: String(column * 6 - 2), y: String(33 - height), width: "4", height: String(height) }));
  }
  brush.append(window_);
  brush.removeAttribute("hidden");
  let from: number | null = null;
  brush.addEventListener("pointerdown", (event) => {
    from = dayAt(brush, event.clientX);
    brush.setPointerCapture(event.pointerId);
  });
  brush.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const to = dayAt(brush, event.clientX);
    show(Math.min(from, to), Math.max(from, to));
  });
  brush.addEventListener("pointerup", (event) => {
    const to = dayAt(brush, event.clientX);
    if (from !== null && Math.abs(to - from) < (all[1] - all[0]) / 200) show(to - (last - first) / 2, to + (last - first) / 2);
    from = null;
  });

  // Dragging the drawing itself moves the window; on touch, up and down still scrolls the page.
  let held: { x: number; first: number; last: number } | null = null;
  svg.addEventListener("pointerdown", (event) => {
    if (!(event.target as Element).closest("a")) held = { x: event.clientX, first, last };
  });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    const span = held.last - held.first;
    const width = svg.getBoundingClientRect().width * ((area.to - area.from) / svg.viewBox.baseVal.width);
    const by = ((held.x - event.clientX) / width) * span;
    show(held.first + by, held.last + by);
  });
  addEventListener("pointerup", () => { held = null; });

  function line(dot: Dot): HTMLElement {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = dot.link.href.baseVal;
    link.textContent = dot.link.getAttribute("aria-label");
    item.append(link);
    return item;
  }

  const given = /window=(-?\d{4,}-\d\d-\d\d)_(-?\d{4,}-\d\d-\d\d)/.exec(location.hash);
  if (given) show(days(given[1]!), days(given[2]!), false);
  else draw();
  for (const input of [since, until]) input?.closest("form")?.classList.add("enhanced");
}

const days = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / DAY;
const iso = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

function words(day: number): string {
  const at = new Date(Math.round(day) * DAY);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** Round days of a window, some ten at most. */
function round(first: number, last: number): [number, string][] {
  const span = last - first;
  const begin = new Date(first * DAY);
  const found: [number, string][] = [];
  if (span > 1100) {
    const step = [1, 2, 5, 10, 20, 50].find((one) => span / 365 / one <= 11) ?? 100;
    for (let year = Math.ceil((begin.getUTCFullYear() + 1) / step) * step; ; year += step) {
      const day = Date.UTC(year, 0, 1) / DAY;
      if (day > last) return found;
      found.push([day, String(year)]);
    }
  }
  if (span > 70) {
    const step = [1, 2, 3, 6].find((one) => span / 30 / one <= 11) ?? 12;
    for (let month = Math.ceil((begin.getUTCMonth() + 1) / step) * step; ; month += step) {
      const at = new Date(Date.UTC(begin.getUTCFullYear(), month, 1));
      if (at.getTime() / DAY > last) return found;
      found.push([at.getTime() / DAY, `${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`]);
    }
  }
  const step = Math.max(1, Math.ceil(span / 9));
  for (let day = Math.ceil(first); day <= last; day += step) found.push([day, words(day).slice(0, -5)]);
  return found;
}

function tick(x: number, bottom: number, label: string): SVGElement {
  const group = make("g", { class: "tick" });
  const text = make("text", { x: String(x), y: String(bottom - 6), "text-anchor": "middle" });
  text.textContent = label;
  group.append(make("line", { x1: String(x), x2: String(x), y1: "0", y2: String(bottom - 22) }), text);
  return group;
}

function make(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const chart = document.querySelector<SVGSVGElement>("#timeline svg");
if (chart) zoomable(chart, document.querySelector<HTMLElement>("#timeline")!);
