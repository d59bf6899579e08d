import { text } from 'node:stream/consumers';
import { build } from '@storefront/service';
import { mergedApi, type ServiceApis } from './http/merged-api';

/** Reads the documents of the services from standard input, by their names, and writes the merged one to standard output. */
async function describe(): Promise<void> {
  const apis = JSON.parse(await text(process.stdin)) as ServiceApis;
  process.stdout.write(JSON.stringify(mergedApi(apis, { server: '/', version: build.version })));
}

void describe();
