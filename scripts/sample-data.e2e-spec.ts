import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let edge: Server;
let tokens: (string | undefined)[] = [];
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  edge = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    answer(response);
  });
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => (tokens = []));

afterAll(() => edge.close());

const url = () => `http://127.0.0.1:${(edge.address() as AddressInfo).port}`;
const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end('RBAC: access denied');

async function sampleData(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const command = ['--import', 'tsx', join(__dirname, 'sample-data.ts'), '--url', url(), ...args];
  const child = spawn(process.execPath, command, { env: { ...process.env, ...environment } });
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

describe('npm run sample-data at an edge that asks for a token', () => {
  it.each([401, 403])('says so where none is given, for %d', async (code) => {
    answer = status(code);
    const ended = await sampleData();
    expect(ended.said).toContain('asks for a token: give --token, STOREFRONT_TOKEN or STOREFRONT_TOKEN_FILE');
    expect(ended.said).toContain(`answered ${code}: RBAC: access denied`);
    expect([ended.code, tokens]).toEqual([1, [undefined]]);
  });

  it.each([
    [401, 'does not accept the token'],
    [403, 'does not let this token in'],
  ])('says why the one that is given does not help, for %d', async (code, reason) => {
    answer = status(code);
    const ended = await sampleData(['--token', 'a.b-c.d_e']);
    expect(ended.said).toContain(reason);
    expect([ended.code, tokens]).toEqual([1, ['Bearer a.b-c.d_e']]);
  });

  it('takes it from the environment, or from the file that it names', async () => {
    answer = status(401);
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'from.a.file\n');
    await sampleData([], { STOREFRONT_TOKEN: 'from.the.environment' });
    await sampleData([], { STOREFRONT_TOKEN_FILE: file });
    rmSync(folder, { recursive: true });
    expect(tokens).toEqual(['Bearer from.the.environment', 'Bearer from.a.file']);
  });

  it('sends nothing that is no token', async () => {
    const ended = await sampleData(['--token', 'se cret']);
    expect([ended.code, tokens]).toEqual([2, []]);
    expect(ended.said).toContain('is no bearer token');
    expect(ended.said).not.toContain('se cret');
  });

  it('follows nobody elsewhere with it', async () => {
    answer = (response) => response.writeHead(308, { location: 'https://shop.example/x' }).end();
    const ended = await sampleData(['--token', 'a.b.c']);
    expect(ended.said).toContain('leads to https://shop.example/x: give that address as --url.');
    expect([ended.code, tokens]).toEqual([1, ['Bearer a.b.c']]);
  });
});
