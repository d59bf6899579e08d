/** An entry of package-lock.json, as far as the check reads it. */
interface LockEntry {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly engines?: unknown;
}

/**
 * Packages whose install scripts were read: nothing here needs them to run, and `ignore-scripts=true` in .npmrc keeps npm 10
 * and 11 from running any. A package that is not listed is a fault, so that a new script is read before it is accepted.
 */
const REVIEWED_INSTALL_SCRIPTS = ['@parcel/watcher', '@scarf/scarf', '@swc/core', 'esbuild'];

/** Faults of the lock file: an entry without a checksum, one that names a registry's host, an install script nobody read, a Node that it wants. */
export function lockFaults(packages: Readonly<Record<string, LockEntry>>): string[] {
  return Object.entries(packages).flatMap(([path, { integrity, resolved, hasInstallScript, engines }]) => {
    if (path === '') return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return [
      ...(integrity?.startsWith('sha512-') ? [] : [`${path}: no integrity; run node scripts/complete-lock.mjs`]),
      ...(resolved === undefined ? [] : [`${path}: names where it was downloaded`]),
      ...(engines === undefined ? [] : [`${path}: npm would warn of its Node; run node scripts/complete-lock.mjs`]),
      ...(hasInstallScript && !REVIEWED_INSTALL_SCRIPTS.includes(name)
        ? [`${path}: has an install script; read it and list the package in scripts/supply-faults.ts`]
        : []),
    ];
  });
}

/** Faults of .npmrc: `npm ci` must not run scripts of packages. */
export function npmrcFaults(text: string): string[] {
  return /^ignore-scripts\s*=\s*true$/m.test(text) ? [] : ['.npmrc: ignore-scripts=true is expected'];
}

/** Faults of a workflow: rights that are not stated, or an action that its owner could replace. */
export function workflowFaults(file: string, text: string): string[] {
  const actions = [...text.matchAll(/^\s*(?:- )?uses:\s*(\S+)/gm)].flatMap(([, action]) => action ?? []);
  const movable = actions.filter((action) => !action.startsWith('./') && !/@[0-9a-f]{40}$/.test(action));
  return [
    ...(/^permissions:/m.test(text) ? [] : [`${file}: no permissions; the token could do everything`]),
    ...movable.map((action) => `${file}: ${action} is not given by its commit`),
  ];
}

/**
 * Faults of a file that names images: each one is given by its digest, but for those that are built from this repository. These
 * are called localhost/storefront/…, which no registry can serve, so that nobody else's image can take their place.
 */
export function imageFaults(file: string, text: string): string[] {
  const lines = file.endsWith('Dockerfile')
    ? /^(?:FROM |ARG \w+_IMAGE=)([^\s$]+)/gm
    : /^\s*(?:- )?(?:image:|\w+_IMAGE:)\s*([^\s$]+)/gm;
  const withDefaults = text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
  const images = [...withDefaults.matchAll(lines)].flatMap(([, image]) => image ?? []);
  const movable = images.filter(
    (image) => !image.startsWith('localhost/storefront/') && !/@sha256:[0-9a-f]{64}$/.test(image),
  );
  return movable.map((image) => `${file}: ${image} is not given by its digest`);
}
