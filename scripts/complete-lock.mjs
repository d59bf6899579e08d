// usage: node scripts/complete-lock.mjs
// Completes package-lock.json after each change: adds the optional packages for other systems, which npm leaves out where
// the registry in use cannot serve them (without them `npm ci` refuses the lock there), and asks the registry for the
// integrity of each entry that has none. Takes out which Node each package wants: they run on the Node that `npm ci` brings along, and
// npm would warn of each one for the Node that it runs on itself.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = ['darwin', 'linux', 'win32', 'freebsd', 'android', 'openharmony', 'aix', 'sunos', 'netbsd', 'openbsd'];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;
for (const [where, entry] of Object.entries(lock.packages)) if (where !== '') delete entry.engines;
for (const [where, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  if (where === '') continue;
  for (const [name, range] of Object.entries(optionalDependencies)) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${where}/node_modules/${name}`]) continue;
    const parts = name.split(/[-/]/).map((part) => (/^arm(v7)?$/.test(part) ? 'arm' : part));
    const cpu = parts.filter((part) => PROCESSORS.includes(part));
    const os = parts.filter((part) => SYSTEMS.includes(part));
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[\^~]/, ''),
      ...(cpu.length > 0 && { cpu }),
      dev,
      optional: true,
      ...(os.length > 0 && { os }),
    };
    added++;
  }
}
const without = Object.entries(lock.packages).filter(([where, { integrity }]) => where !== '' && !integrity);
for (const [where, entry] of without) {
  const name = where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const integrity = integrityOf(`${name}@${entry.version}`);
  if (!integrity) continue;
  const { version, ...rest } = entry;
  lock.packages[where] = { version, integrity, ...rest };
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
const left = Object.entries(lock.packages).filter(([where, { integrity }]) => where !== '' && !integrity);
console.log(`${added} added, ${without.length - left.length} integrities found, ${left.length} missing`);

function integrityOf(spec) {
  try {
    return execFileSync('npm', ['view', spec, 'dist.integrity'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
