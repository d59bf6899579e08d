import { Validator } from '@seriousme/openapi-schema-validator';
import type { LinkObject, OpenAPIObject } from '@nestjs/swagger';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describedApps as names } from './open-api';

const folder = join(__dirname, '../../docs/generated');
const read = (name: string) => JSON.parse(readFileSync(join(folder, `openapi-${name}.json`), 'utf8')) as OpenAPIObject;
const documents = new Map(names.map((name) => [name, read(name)]));

function operationsOf({ paths }: OpenAPIObject) {
  return Object.values(paths).flatMap((item) => [
    item.get,
    item.head,
    item.post,
    item.put,
    item.patch,
    item.delete,
    item.options,
  ]);
}

describe.each([...documents])('the OpenAPI document of %s', (_name, document) => {
  it('is one of version 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone({ ...document }));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('is none when something else than a response stands for one', async () => {
    const broken = structuredClone({ ...document, paths: { '/': { get: { responses: [] } } } });
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    const lost = references.filter(([, path = '']) => found(document, path.split('/')) === undefined);
    expect(lost).toEqual([]);
    expect(references.length).toBeGreaterThan(10);
  });

  it('has nothing that nothing refers to', () => {
    const text = JSON.stringify(document);
    const all = Object.entries(document.components ?? {}).flatMap(([kind, named]) =>
      Object.keys(named as object).map((name) => `#/components/${kind}/${name}`),
    );
    expect(all.filter((reference) => !text.includes(`"$ref":"${reference}"`))).toEqual([]);
  });

  it('leads on to operations that are there, by parameters they have', () => {
    const parametersOf = new Map(
      operationsOf(document).map((operation) => [
        operation?.operationId,
        (operation?.parameters ?? []).map((parameter) => ('name' in parameter ? parameter.name : '')),
      ]),
    );
    const links = operationsOf(document).flatMap((operation) =>
      Object.values(operation?.responses ?? {}).flatMap((answer) =>
        answer !== undefined && 'links' in answer ? (Object.values(answer.links ?? {}) as LinkObject[]) : [],
      ),
    );
    expect(links.length).toBeGreaterThan(5);
    const lost = links.filter(({ operationId, parameters = {} }) =>
      Object.keys(parameters).some((name) => parametersOf.get(operationId)?.includes(name) !== true),
    );
    expect(lost).toEqual([]);
  });

  it('has no two paths that one request could mean, none of them the more concrete one', () => {
    const paths = Object.keys(document.paths).map((path) => path.split('/'));
    const isParameter = (segment = '') => segment.startsWith('{');
    const ambiguous = paths.flatMap((a) =>
      paths.filter(
        (b) =>
          a.length === b.length &&
          a.every((segment, index) => segment === b[index] || isParameter(segment) || isParameter(b[index])) &&
          a.some((segment, index) => isParameter(segment) && !isParameter(b[index])) &&
          a.some((segment, index) => !isParameter(segment) && isParameter(b[index])),
      ),
    );
    expect(ambiguous).toEqual([]);
  });

  it('has HEAD beside every GET, and OPTIONS everywhere', () => {
    const items = Object.values(document.paths);
    expect(items.filter(({ get, head, options }) => (get && !head) || !options)).toEqual([]);
  });

  it('has a name of its own for every operation, says what it is for, and a success', () => {
    const operations = operationsOf(document).filter((operation) => operation !== undefined);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(operations.filter(({ summary }) => !summary)).toEqual([]);
    const unsuccessful = operations.filter(({ responses }) => !Object.keys(responses).some((code) => code < '300'));
    expect(unsuccessful).toEqual([]);
  });
});

function found(value: unknown, [name, ...rest]: string[]): unknown {
  if (name === undefined) return value;
  return typeof value === 'object' && value !== null
    ? found((value as Readonly<Record<string, unknown>>)[name], rest)
    : undefined;
}
