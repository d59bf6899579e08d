// Lets a child process run our TypeScript as jest does: swc keeps the decorator metadata that Nest needs.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const root = join(__dirname, '../../..');
const resolve = Module._resolveFilename;

Module._resolveFilename = function (request, ...rest) {
  const [, lib] = /^@storefront\/([^/]+)$/.exec(request) ?? [];
  return resolve.call(this, lib === undefined ? request : join(root, 'libs', lib, 'src'), ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, configFile: join(root, '.swcrc') });
  module._compile(code, filename);
};
