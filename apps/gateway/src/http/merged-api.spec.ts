import type { OpenAPIObject } from '@nestjs/swagger';
import { Validator } from '@seriousme/openapi-schema-validator';
import { mergedApi, type ServiceApis } from './merged-api';

const options = { server: 'http://shop.example', version: '1.0' };

function api(word: string): OpenAPIObject {
  return {
    openapi: '3.1.0',
    info: { title: word, version: '1' },
    tags: [{ name: 'things' }],
    paths: {
      '/': { get: { operationId: 'getRoot', responses: { 200: { description: 'Here.' } } } },
      '/things': {
        get: {
          operationId: 'listThings',
          tags: ['things'],
          responses: {
            200: {
              description: word,
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
            },
            404: { $ref: '#/components/responses/none' },
          },
        },
      },
    },
    components: {
      schemas: { Thing: { type: 'object', description: word } },
      responses: { none: { description: 'None.' } },
    },
  };
}

describe('the merged document', () => {
  it('tells the services apart by their prefixes', () => {
    const { paths, components, tags } = mergedApi({ accounts: api('A'), orders: api('O') }, options);
    expect(Object.keys(paths)).toEqual(['/accounts', '/accounts/things', '/orders', '/orders/things']);
    expect(tags).toEqual([{ name: 'accounts.things' }, { name: 'orders.things' }]);
    expect(paths['/orders/things']?.get).toMatchObject({
      operationId: 'orders.listThings',
      tags: ['orders.things'],
      responses: {
        200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/orders.Thing' } } } },
        404: { $ref: '#/components/responses/orders.none' },
      },
    });
    expect(components?.schemas).toMatchObject({
      'accounts.Thing': { description: 'A' },
      'orders.Thing': { description: 'O' },
    });
  });

  it('leads from one service to the other, as far as they are there', () => {
    const path = (operationId: string) => ({
      [`/${operationId}`]: {
        get: { operationId, responses: { 200: { description: 'Here.', links: { self: { operationId } } } } },
      },
    });
    const orders = { ...api('O'), paths: path('getOrder') };
    const links = (apis: ServiceApis) =>
      mergedApi(apis, options).paths['/orders/getOrder']?.get?.responses['200'] as { links: object };
    const own = { 'orders.self': { operationId: 'orders.getOrder' } };
    expect(links({ orders }).links).toEqual(own);
    const operationId = 'fulfillment.getFulfillment';
    expect(links({ orders, fulfillment: { ...api('F'), paths: path('getFulfillment') } }).links).toEqual({
      ...own,
      [operationId]: { operationId, parameters: { id: '$request.path.guid' } },
    });
  });

  it('names who is away, and nobody when all are there', () => {
    const { info } = mergedApi({ accounts: api('A'), orders: api('O') }, options);
    expect(info.description).toMatch('do not answer: fulfillment.');
    const all = mergedApi({ accounts: api('A'), orders: api('O'), fulfillment: api('F') }, options);
    expect(all.info.description).not.toMatch('do not answer');
  });

  it('is an OpenAPI document, without any service too', async () => {
    for (const apis of [{}, { accounts: api('A'), orders: api('O') }]) {
      const { errors } = await new Validator().validate(structuredClone({ ...mergedApi(apis, options) }));
      expect(errors).toBeUndefined();
    }
  });
});
