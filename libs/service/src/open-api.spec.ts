import { Body, Controller, Delete, Get, Module, Patch, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  changed,
  HalController,
  halItem,
  halPage,
  type Patch as PatchOf,
  PatchBody,
  pageRequest,
  removed,
} from '@storefront/hal';
import { z } from 'zod';
import { readEnvironment } from './environment';
import { processEnvironment } from './service-environment';
import { createService } from './start-service';

const Widget = z.object({ name: z.string(), size: z.int().default(1) }).meta({ id: 'Widget' });
type Widget = z.infer<typeof Widget>;

@Controller('widgets')
class WidgetsController {
  @Post()
  create(@Body({ schema: Widget }) widget: Widget): Widget {
    return widget;
  }
}

const bolt = halItem({ rel: 'bolt', path: '/bolts/1', content: { name: 'M4' }, version: 1 });

@HalController('bolts')
class BoltsController {
  @Get()
  page() {
    return halPage({ rel: 'bolts', items: [bolt], totalElements: 1, request: pageRequest({}) });
  }

  @Get(':id')
  one() {
    return bolt;
  }

  @Patch(':id')
  amend(@PatchBody() _patch: PatchOf) {
    return changed(bolt);
  }

  @Delete(':id')
  delete() {
    return removed();
  }
}

@Module({ controllers: [WidgetsController, BoltsController] })
class WidgetsModule {}

const bolts = {
  item: 'bolt',
  collection: 'bolts',
  schema: z.object({ name: z.string() }),
  example: { name: 'M4' },
  next: [{ path: '/bolts/{id}', parameter: '/name' }],
};
const api = { title: 'Widgets API', description: 'Widgets.', resources: [bolts] };
let app: NestFastifyApplication;

/** As far as it is looked into here. */
interface Described {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
}
interface Answer {
  headers?: Record<string, { schema: { enum?: string[] } }>;
  links?: object;
}

beforeAll(async () => {
  const environment = readEnvironment(z.object(processEnvironment(0)), { LOG_LEVEL: 'error' });
  app = await createService(WidgetsModule, { name: 'widgets', api, environment });
});

afterAll(() => app.close());

function get(url: string, headers: Record<string, string> = {}) {
  return app.inject({ method: 'GET', url, headers: { host: 'h', ...headers } });
}

describe('the OpenAPI document', () => {
  it('is made of the schemas', async () => {
    const answer = await get('/v3/api-docs');
    expect(answer.json()).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Widgets API', version: 'unbuilt' },
      paths: {
        '/widgets': {
          post: {
            requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Widget' } } } },
          },
        },
      },
      components: {
        schemas: { Widget: { required: ['name'], properties: { size: { type: 'integer', default: 1 } } } },
      },
    });
  });

  it('leaves out the management endpoints', async () => {
    expect(Object.keys((await get('/v3/api-docs')).json<{ paths: object }>().paths)).toEqual([
      '/widgets',
      '/bolts',
      '/bolts/{id}',
    ]);
  });

  it.each(['/widgets', '/bolts', '/bolts/{id}'])('tells what OPTIONS and HEAD answer at %s', async (path) => {
    const { options, head } = (await get('/v3/api-docs')).json<Described>().paths[path] ?? {};
    const url = path.replace('{id}', '1');
    const { headers } = await app.inject({ method: 'OPTIONS', url });
    const { Allow: allow, 'Accept-Patch': acceptPatch } = options?.responses['200']?.headers ?? {};
    expect(allow?.schema.enum).toEqual([headers['allow']]);
    expect(acceptPatch?.schema.enum).toEqual(
      headers['accept-patch'] === undefined ? undefined : [headers['accept-patch']],
    );
    const answer = await app.inject({ method: 'HEAD', url });
    const isAnswered = answer.statusCode !== 405;
    expect(answer.statusCode in (head?.responses ?? {})).toBe(isAnswered);
    expect('link' in answer.headers).toBe(isAnswered);
  });

  it('tells what can be asked for next, and where the id for that is told', async () => {
    const { paths } = (await get('/v3/api-docs')).json<Described>();
    const linksOf = (path: string, method: string) => paths[path]?.[method]?.responses['200']?.links;
    const next = (parameter: string) =>
      Object.fromEntries(
        ['getBolt', 'changeBolt', 'deleteBolt'].map((operationId) => [
          operationId,
          { operationId, parameters: { id: parameter } },
        ]),
      );
    expect(linksOf('/bolts', 'get')).toEqual(next('$response.body#/_embedded/bolts/0/name'));
    expect(linksOf('/bolts/{id}', 'patch')).toEqual(next('$request.path.id'));
    expect(linksOf('/bolts/{id}', 'options')).toBeUndefined();
  });

  it('names the server as the client reached it', async () => {
    const answer = await get('/v3/api-docs', { 'x-forwarded-host': 'shop.example', 'x-forwarded-prefix': '/accounts' });
    expect(answer.json()).toMatchObject({ servers: [{ url: 'http://shop.example/accounts' }] });
  });
});

describe('Swagger UI', () => {
  it('is at /swagger-ui/, where /swagger-ui leads to, behind a prefix too', async () => {
    const redirect = await get('/swagger-ui');
    expect([redirect.statusCode, redirect.headers.location]).toEqual([302, './swagger-ui/']);
    expect((await get('/swagger-ui/')).headers['content-type']).toMatch('text/html');
  });

  it('finds all it loads', async () => {
    const page = (await get('/swagger-ui/')).body;
    const loaded = [...page.matchAll(/(?:href|src)="\.\/([^"]+)"/g)].map(([, path]) => `/swagger-ui/${path}`);
    expect(loaded.length).toBeGreaterThan(3);
    const answers = await Promise.all(loaded.map(async (path) => [path, (await get(path)).statusCode]));
    expect(answers).toEqual(loaded.map((path) => [path, 200]));
  });
});
