import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { isSchema, type Schema, strict } from './strict-schema';
import { moduleFolder, strimziDefinitions } from './tools';
import { installedVersion } from './version';

/** Where definitions come from: Go modules that ship them, at the versions that k8s/scripts/deploy.sh installs. */
const openApi = { module: 'k8s.io/kubernetes@v1.35.4', folder: 'api/openapi-spec/v3' };
const definitions = [
  { module: `istio.io/api@v${installedVersion('ISTIO')}`, folder: 'kubernetes' },
  { module: `sigs.k8s.io/gateway-api@v${installedVersion('GATEWAY_API')}`, folder: 'config/crd/experimental' },
  { module: 'github.com/prometheus-operator/prometheus-operator@v0.94.1', folder: 'example/prometheus-operator-crd' },
  { module: `github.com/kedacore/keda/v2@v${installedVersion('KEDA')}`, folder: 'config/crd/bases' },
  { module: 'github.com/external-secrets/external-secrets@v1.3.2', folder: 'config/crds/bases' },
  { module: 'github.com/cert-manager/cert-manager@v1.21.1', folder: 'deploy/crds' },
];
const strimzi = installedVersion('STRIMZI');

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface CustomResourceDefinition {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

/** How kubeconform finds them. */
export function schemaLocation(folder: string): string {
  return `${folder}/{{ if .Group }}{{ .Group }}{{ else }}v1{{ end }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json`;
}

/** The folder of all schemas, made if it is not there. Downloads what it needs through Go and Maven. */
export function schemasIn(cache: string): string {
  const versions = [openApi, ...definitions].map(({ module }) => module.split('@').at(-1));
  const folder = join(cache, `schemas-${[...versions, strimzi].join('-')}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  writeKubernetes(unfinished, join(moduleFolder(openApi.module), openApi.folder));
  for (const { module, folder: part } of definitions) writeCustom(unfinished, join(moduleFolder(module), part));
  writeCustom(unfinished, strimziDefinitions(cache, strimzi));
  renameSync(unfinished, folder);
  return folder;
}

/** A file of the same definitions for an API server, made if it is not there. */
export function definitionsFile(cache: string): string {
  const versions = [...definitions.map(({ module }) => module.split('@').at(-1)), strimzi];
  const file = join(cache, `definitions-${versions.join('-')}.json`);
  if (existsSync(file)) return file;
  const folders = definitions.map(({ module, folder }) => join(moduleFolder(module), folder));
  const items = [...folders, strimziDefinitions(cache, strimzi)].flatMap(definitionsIn);
  writeFileSync(`${file}.${process.pid}`, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

function definitionsIn(folder: string): CustomResourceDefinition[] {
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return files
    .flatMap((file) => loadAll(readFileSync(join(folder, file), 'utf8')))
    .filter(
      (document): document is CustomResourceDefinition =>
        isSchema(document) && document['kind'] === 'CustomResourceDefinition',
    );
}

function writeKubernetes(target: string, folder: string): void {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const parsed = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { components?: { schemas?: Schema } };
    const schemas = parsed.components?.schemas ?? {};
    const strictOnes = strict({ definitions: schemas })['definitions'];
    for (const [name, schema] of Object.entries(schemas)) {
      if (!isSchema(schema)) continue;
      const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as GroupVersionKind[];
      for (const kind of kinds.filter(({ kind: each }) => !/List$|^(DeleteOptions|WatchEvent|Status)$/.test(each))) {
        write(target, kind, { ...(strictOnes as Record<string, Schema>)[name], definitions: strictOnes });
      }
    }
  }
}

function writeCustom(target: string, folder: string): void {
  for (const { spec } of definitionsIn(folder)) {
    for (const { name: version, schema } of spec.versions) {
      const { properties } = schema.openAPIV3Schema;
      const named = { ...(properties as Schema), ...common };
      const gvk = { group: spec.group, version, kind: spec.names.kind };
      write(target, gvk, strict({ ...schema.openAPIV3Schema, properties: named }));
    }
  }
}

const common = { metadata: { type: 'object' }, apiVersion: { type: 'string' }, kind: { type: 'string' } };

function write(target: string, { group, version, kind }: GroupVersionKind, schema: Schema): void {
  const folder = join(target, group || 'v1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${kind.toLowerCase()}_${version}.json`), JSON.stringify(schema));
}
