// The map over the list of places that the page has anyway: a pin where the city is known, a badge on the country where only
// that is known. Pins too close to tell apart become one with their sum; nothing is ever moved to look less crowded.
import { LngLatBounds, Map, Marker, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

type World = Topology<{ countries: GeometryCollection<{ state: string }> }>;
type Spot = [longitude: number, latitude: number];

interface Place {
  item: HTMLElement;
  name: string;
  incidents: number;
  severity: number;
  at: Spot;
  state: string | null; // of a badge; null for a pin
}

/** What is drawn already: its middle, and half its width and height, in pixels. */
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const BESIDE: [number, number][] = [[0, 0], [44, 0], [-44, 0], [0, 30], [0, -30], [44, 26], [-44, 26], [44, -26], [-44, -26]];
const CLOSE = 30; // pixels between two pins that still read as two

const frame = document.querySelector<HTMLElement>("#map")!;
const details = document.querySelector<HTMLElement>("#place")!;
const built = new URL(".", import.meta.url);
const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

async function start(): Promise<void> {
  setWorkerUrl(new URL("map-worker.js", built).href);
  const world = (await (await fetch(new URL("world.json", built))).json()) as World;
  const countries = feature(world, world.objects.countries);
  const middles = middleOf(countries);
  const places = placesOf(document.querySelectorAll<HTMLElement>("#places > li"), middles);
  frame.hidden = false;
  const canvas = frame.querySelector<HTMLElement>(".canvas")!;
  const map = new Map({
    container: canvas,
    style: style(countries),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 9,
    minZoom: 0.4,
    renderWorldCopies: false,
    hash: "at",
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  const home = bounds(places);
  const fit = (): void => {
    map.fitBounds(home, { padding: { top: 60, bottom: 60, left: 60, right: 70 }, maxZoom: 4.5, animate: false });
  };
  if (!location.hash.includes("at=")) fit();
  dark.addEventListener("change", () => map.setStyle(style(countries)));
  frame.querySelector("[data-zoom=in]")!.addEventListener("click", () => map.zoomIn({ animate: !still.matches }));
  frame.querySelector("[data-zoom=out]")!.addEventListener("click", () => map.zoomOut({ animate: !still.matches }));
  frame.querySelector("[data-zoom=all]")!.addEventListener("click", fit);
  const canvasLabel = map.getCanvas();
  canvasLabel.setAttribute("aria-label", "Map; arrow keys move it, plus and minus zoom. The list below has the same places.");

  let shown: Marker[] = [];
  const draw = (): void => {
    for (const marker of shown) marker.remove();
    const taken: Box[] = [];
    shown = [...pins(map, places, taken), ...flags(map, places, taken)];
  };
  map.on("zoomend", draw);
  map.on("resize", draw);
  map.once("idle", () => frame.setAttribute("data-ready", ""));
  draw();
}

function style(countries: ReturnType<typeof feature>): StyleSpecification {
  const colour = (name: string): string => getComputedStyle(frame).getPropertyValue(`--${name}`).trim();
  return {
    version: 8,
    sources: { world: { type: "geojson", data: countries as GeoJSON.GeoJSON } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colour("sea") } },
      { id: "land", type: "fill", source: "world", paint: { "fill-color": colour("land"), "fill-antialias": true } },
      { id: "borders", type: "line", source: "world", paint: { "line-color": colour("border"), "line-width": 0.7 } },
    ],
  };
}

/** Where the badge of each state stands: the middle of its largest stretch of land. */
function middleOf(countries: ReturnType<typeof feature>): Record<string, Spot> {
  const best: Record<string, { area: number; at: Spot }> = {};
  for (const one of (countries as GeoJSON.FeatureCollection).features) {
    const shape = one.geometry;
    const state = one.properties?.state as string | undefined;
    if (!state || (shape.type !== "Polygon" && shape.type !== "MultiPolygon")) continue;
    for (const polygon of shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates) {
      const found = centroid(polygon[0] as Spot[]);
      if (found.area > (best[state]?.area ?? -1)) best[state] = found;
    }
  }
  return Object.fromEntries(Object.entries(best).map(([state, { at }]) => [state, at]));
}

function centroid(ring: Spot[]): { area: number; at: Spot } {
  let area = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x1, y1] = ring[i]!;
    const [x2, y2] = ring[i + 1]!;
    const cross = x1 * y2 - x2 * y1;
    area += cross;
    x += (x1 + x2) * cross;
    y += (y1 + y2) * cross;
  }
  const at: Spot = area ? [x / (3 * area), y / (3 * area)] : ring[0]!;
  return { area: Math.abs(area), at };
}

function placesOf(items: Iterable<HTMLElement>, middles: Record<string, Spot>): Place[] {
  const found: Place[] = [];
  for (const item of items) {
    const { name = "", n, s, lon, lat, state } = item.dataset;
    const at: Spot | undefined = lon && lat ? [Number(lon), Number(lat)] : state ? middles[state] : undefined;
    if (at) found.push({ item, name, incidents: Number(n), severity: Number(s), at, state: lon ? null : (state ?? null) });
  }
  return found;
}

function bounds(places: Place[]): LngLatBounds {
  const around = new LngLatBounds();
  for (const place of places) around.extend(place.at);
  return around.isEmpty() ? new LngLatBounds([-170, -56], [178, 75]) : around;
}

/** Badges belong to their country and not to a point of it: one that a pin would cover stands beside the pin. */
function flags(map: Map, places: Place[], taken: Box[]): Marker[] {
  return places
    .filter((place) => place.state)
    .map((place) => {
      const sign = button("flag", place.severity, `${place.name}, city not known: ${incidents(place.incidents)}`);
      const count = document.createElement("b");
      count.textContent = String(place.incidents);
      sign.append(place.state!, count);
      sign.addEventListener("click", () => open([place], sign));
      const { x, y } = map.project(place.at);
      const free = BESIDE.find(([dx, dy]) => !taken.some((one) => Math.abs(one.x - x - dx) < one.width + 24 && Math.abs(one.y - y - dy) < one.height + 11));
      const [dx, dy] = free ?? BESIDE[0]!;
      taken.push({ x: x + dx, y: y + dy, width: 25, height: 12 });
      return put(map, sign, place.at, [dx, dy]);
    });
}

function pins(map: Map, places: Place[], taken: Box[]): Marker[] {
  const left = places.filter((place) => !place.state).sort((a, b) => b.incidents - a.incidents);
  const made: Marker[] = [];
  while (left.length) {
    const first = left.shift()!;
    const here = map.project(first.at);
    const group = [first];
    for (let i = left.length - 1; i >= 0; i--) {
      const there = map.project(left[i]!.at);
      if (Math.hypot(here.x - there.x, here.y - there.y) < CLOSE) group.push(...left.splice(i, 1));
    }
    const sum = group.reduce((all, place) => all + place.incidents, 0);
    const name = group.length === 1 ? first.name : `${first.name} and ${group.length - 1} more near it`;
    const pin = button("pin", Math.max(...group.map((place) => place.severity)), `${name}: ${incidents(sum)}`);
    pin.textContent = String(sum);
    if (group.length > 1) pin.classList.add("many");
    pin.addEventListener("click", () => open(group, pin));
    taken.push({ x: here.x, y: here.y, width: 15, height: 15 });
    made.push(put(map, pin, first.at));
  }
  return made;
}

function button(kind: string, severity: number, label: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `${kind} s${severity}`;
  made.title = label;
  made.dataset.label = label;
  return made;
}

function put(map: Map, element: HTMLElement, at: Spot, offset: [number, number] = [0, 0]): Marker {
  const marker = new Marker({ element, offset }).setLngLat(at).addTo(map);
  element.setAttribute("aria-label", element.dataset.label ?? "");
  element.setAttribute("aria-controls", details.id);
  return marker;
}

const incidents = (n: number): string => (n === 1 ? "1 incident" : `${n} incidents`);

/** Shows what the list says of places beside the map. */
function open(places: Place[], from: HTMLElement): void {
  for (const other of frame.querySelectorAll("[aria-expanded]")) other.removeAttribute("aria-expanded");
  from.setAttribute("aria-expanded", "true");
  details.replaceChildren(
    ...places.map((place) => {
      const copy = document.createElement("div");
      copy.append(...[...place.item.childNodes].map((node) => node.cloneNode(true)));
      for (const one of copy.querySelectorAll("details")) one.open = true;
      return copy;
    }),
  );
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = "×";
  close.setAttribute("aria-label", "Close");
  close.addEventListener("click", () => shut(from));
  details.prepend(close);
  details.onkeydown = (event) => { if (event.key === "Escape") shut(from); };
  details.hidden = false;
  details.scrollTop = 0;
}

function shut(from: HTMLElement): void {
  details.hidden = true;
  from.removeAttribute("aria-expanded");
  from.focus();
}

start().catch((reason: unknown) => {
  frame.hidden = true;
  const note = document.querySelector<HTMLElement>("#nomap")!;
  note.hidden = false;
  console.info("map:", reason);
});
