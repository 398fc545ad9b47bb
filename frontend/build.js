// Builds what is committed under ../static and ../config/testing_assets; `--check` fails when that differs from the sources.
import { execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync, gzipSync } from "node:zlib"

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "..")
const packages = join(here, "node_modules")
const checking = process.argv.includes("--check")
const target = checking ? mkdtempSync(join(tmpdir(), "tithi-frontend-")) : root

const styles = { "css/site.css": "static/css/site.css", "css/dashboard.css": "static/css/dashboard.css" }
const fonts = "@fontsource-variable/figtree/files/figtree"
const copies = {
  [`${fonts}-latin-wght-normal.woff2`]: "static/fonts/figtree.woff2",
  [`${fonts}-latin-ext-wght-normal.woff2`]: "static/fonts/figtree-ext.woff2",
  "@fontsource-variable/figtree/LICENSE": "static/fonts/figtree.LICENSE",
  "@fontsource/instrument-serif/files/instrument-serif-latin-400-normal.woff2": "static/fonts/instrument-serif.woff2",
  "@fontsource/instrument-serif/files/instrument-serif-latin-ext-400-normal.woff2": "static/fonts/instrument-serif-ext.woff2",
  "@fontsource/instrument-serif/LICENSE": "static/fonts/instrument-serif.LICENSE",
  "@fontsource-variable/quicksand/files/quicksand-latin-wght-normal.woff2": "static/fonts/quicksand.woff2",
  "@fontsource-variable/quicksand/files/quicksand-latin-ext-wght-normal.woff2": "static/fonts/quicksand-ext.woff2",
  "@fontsource-variable/quicksand/LICENSE": "static/fonts/quicksand.LICENSE",
  "axe-core/axe.min.js": "config/testing_assets/axe.min.js",
}

function into(path) {
  const full = join(target, path)
  mkdirSync(dirname(full), { recursive: true })
  return full
}

for (const [source, built] of Object.entries(styles)) {
  execFileSync(
    process.execPath,
    [join(packages, "@tailwindcss/cli/dist/index.mjs"), "--input", source, "--output", into(built), "--minify"],
    { cwd: here, stdio: ["ignore", "ignore", "inherit"] },
  )
  // WhiteNoise serves the small one where nothing has been collected, as on a developer's machine.
  writeFileSync(into(`${built}.gz`), gzipSync(readFileSync(into(built)), { level: 9 }))
}
for (const [source, built] of Object.entries(copies)) cpSync(join(packages, source), into(built))

if (checking) {
  const same = (path, read = readFileSync) => existsSync(join(root, path)) && read(join(root, path)).equals(read(join(target, path)))
  // Compressors differ from one Node to the next; what comes out does not.
  const unpacked = (path) => gunzipSync(readFileSync(path))
  const stale = [
    ...[...Object.values(styles), ...Object.values(copies)].filter((path) => !same(path)),
    ...Object.values(styles).map((path) => `${path}.gz`).filter((path) => !same(path, unpacked)),
  ]
  if (stale.length) {
    console.error(`Out of date, run "npm run build" in frontend/: ${stale.join(", ")}`)
    process.exit(1)
  }
}
