// The network over the table of edges that the page has anyway: states as nodes, what they did to one another as arrows. The layout
// is computed before anything is drawn and is the same for the same table; nothing moves by itself.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";

interface State extends SimulationNodeDatum {
  code: string;
  name: string;
  href: string;
  number: number;
  size: number; // radius, in units of the drawing
}

interface Edge {
  source: State;
  target: State;
  number: number;
  kind: string; // class of its group
  told: boolean;
  row: HTMLTableRowElement;
}

const WIDTH = 960;
const MARGIN = 64; // room for names

function read(rows: Iterable<HTMLTableRowElement>): [State[], Edge[]] {
  const states = new Map<string, State>();
  const state = (code: string, link: HTMLAnchorElement): State => {
    const known = states.get(code) ?? { code, name: link.textContent!, href: link.href, number: 0, size: 0 };
    states.set(code, known);
    return known;
  };
  const edges = [...rows].map((row): Edge => {
    const [one, other] = [...row.querySelectorAll<HTMLAnchorElement>("a")];
    const edge = {
      source: state(row.dataset.one!, one!), target: state(row.dataset.other!, other!), number: Number(row.dataset.n),
      kind: row.className, told: "told" in row.dataset, row,
    };
    edge.source.number += edge.number;
    edge.target.number += edge.number;
    return edge;
  });
  for (const one of states.values()) one.size = Math.min(22, 4 + 2.2 * Math.sqrt(one.number));
  return [[...states.values()], edges];
}

/** Places the states; gives the height of the drawing. */
function place(states: State[], edges: Edge[]): number {
  const height = Math.min(760, 300 + 14 * states.length);
  forceSimulation(states)
    .force("apart", forceManyBody().strength(-420))
    .force("bound", forceLink(edges).distance(90).strength((edge) => Math.min(0.6, 0.15 + edge.number / 20)))
    .force("room", forceCollide<State>((one) => one.size + 22))
    .force("across", forceX().strength(0.05))
    .force("down", forceY().strength(0.05 * (WIDTH / height)))
    .stop()
    .tick(400);
  for (const [axis, size] of [["x", WIDTH], ["y", height]] as const) {
    const all = states.map((one) => one[axis]!);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    const factor = most > least ? Math.min(1.6, (size - 2 * MARGIN) / (most - least)) : 0;
    for (const one of states) one[axis] = size / 2 + (one[axis]! - (least + most) / 2) * factor;
  }
  return height;
}

/** From rim to rim, bent to one side so that the way back has its own. */
function curve({ source, target }: Edge): string {
  const [dx, dy] = [target.x! - source.x!, target.y! - source.y!];
  const length = Math.hypot(dx, dy) || 1;
  const bend = Math.min(26, length / 6);
  const [mx, my] = [(source.x! + target.x!) / 2 - (dy / length) * bend, (source.y! + target.y!) / 2 + (dx / length) * bend];
  const rim = (one: State, gap: number): [number, number] => {
    const [ox, oy] = [mx - one.x!, my - one.y!];
    const part = (one.size + gap) / (Math.hypot(ox, oy) || 1);
    return [one.x! + ox * part, one.y! + oy * part];
  };
  const [from, to] = [rim(source, 1), rim(target, 7)];
  return `M${from.map(round)}Q${round(mx)} ${round(my)} ${to.map(round)}`;
}

function draw(frame: HTMLElement, states: State[], edges: Edge[]): void {
  const height = place(states, edges);
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "group",
    "aria-label": `${states.length} states and ${edges.length} arrows between them; the table below says the same` });
  const tip = make("marker", { id: "tip", viewBox: "0 0 8 8", refX: 2, refY: 4, markerWidth: 8, markerHeight: 8,
    markerUnits: "userSpaceOnUse", orient: "auto" });
  tip.append(make("path", { d: "M0 0L8 4L0 8z", fill: "context-stroke" }));
  const defs = make("defs", {});
  defs.append(tip);
  const lines = new Map(edges.map((edge) => {
    const link = make("a", { href: `/pairs/${edge.source.code}/${edge.target.code}`, class: `edge ${edge.kind}${edge.told ? "" : " untold"}`,
      tabindex: -1, "aria-hidden": "true" });
    const path = curve(edge);
    const title = make("title", {});
    title.textContent = `${edge.source.name} toward ${edge.target.name}: ${edge.row.cells[3]!.textContent}`;
    link.append(title, make("path", { d: path, class: "wide" }),
      make("path", { d: path, "stroke-width": round(1 + 1.1 * Math.sqrt(edge.number)), "marker-end": "url(#tip)" }));
    return [edge, link];
  }));
  const nodes = new Map(states.map((one) => {
    const link = make("a", { href: one.href, class: "node", "aria-label": `${one.name}: ${one.number} incidents` });
    const name = make("text", { x: round(one.x!), y: round(one.y! + one.size + 13), "text-anchor": "middle" });
    name.textContent = one.name;
    link.append(make("circle", { cx: round(one.x!), cy: round(one.y!), r: round(one.size) }), name);
    return [one, link];
  }));
  const look = (state: State | null): void => {
    const near = new Set(edges.filter(({ source, target }) => source === state || target === state));
    svg.classList.toggle("looking", state !== null);
    for (const [edge, link] of lines) link.classList.toggle("near", near.has(edge));
    for (const [one, link] of nodes) link.classList.toggle("near", one === state || [...near].some(({ source, target }) => source === one || target === one));
  };
  for (const [one, link] of nodes) {
    for (const begin of ["pointerenter", "focus"]) link.addEventListener(begin, () => look(one));
    for (const end of ["pointerleave", "blur"]) link.addEventListener(end, () => look(null));
  }
  svg.append(defs, ...lines.values(), ...nodes.values());
  frame.append(svg);
  frame.hidden = false;
  frame.dataset.ready = "";
}

const round = (number: number): number => Math.round(number * 10) / 10;

function make(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

const frame = document.querySelector<HTMLElement>("#network");
if (frame) draw(frame, ...read(document.querySelectorAll<HTMLTableRowElement>("#edges tbody tr")));
