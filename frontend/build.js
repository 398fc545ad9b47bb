// Builds what is committed under ../static and ../config/testing_assets; `--check` fails when that differs from the sources.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
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
  // Its licence (MIT) is not in the package: static/js/vendor/event-calendar.LICENSE is its repository's.
  "@event-calendar/build/dist/event-calendar.min.js": "static/js/vendor/event-calendar.js",
  "@event-calendar/build/dist/event-calendar.min.css": "static/css/vendor/event-calendar.css",
}
// Foreign code that runs on the team's pages: read once, and no other byte since.
const digests = {
  "static/js/vendor/event-calendar.js": "1c4b0f12f139216838b35c5317976f065bac80966a9b82d2611e1c258143d54a",
  "static/css/vendor/event-calendar.css": "14abac982c42d2cdd42721fedc4a95d4f9e2f4d03e78bd4b167c2e803f870c73",
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
for (const path of Object.keys(digests)) {
  // The map stays in the package: where files are named by their content, its address would lead nowhere.
  const text = readFileSync(join(target, path), "utf8")
  writeFileSync(join(target, path), text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"))
}

const digest = (path) => createHash("sha256").update(readFileSync(path)).digest("hex")
const strange = Object.keys(digests).filter((path) => digest(join(target, path)) !== digests[path])
if (strange.length) {
  console.error(`Not the code that was read: ${strange.join(", ")}`)
  process.exit(1)
}

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
