import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type ApiDescription, describeApi, requestBase } from '@storefront/hal';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { build } from './build-info';

const license = ['Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0'] as const;

/** HEAD and OPTIONS are in the document and answered; listed, they would be more than half of what there is to look at. */
const customCss = '.swagger-ui .opblock-head, .swagger-ui .opblock-options { display: none }';

/** Swagger UI at `/swagger-ui/` and the OpenAPI 3.1 document at `/v3/api-docs`, made of the zod schemas when first asked for. */
export function serveOpenApi(app: NestFastifyApplication, api: ApiDescription): void {
  SwaggerModule.setup('swagger-ui', app, () => documentOf(app, api), {
    jsonDocumentUrl: 'v3/api-docs',
    raw: ['json'],
    customCss,
    swaggerOptions: { validatorUrl: 'none' },
    patchDocumentOnRequest: (request: unknown, _reply: unknown, described: OpenAPIObject): OpenAPIObject => ({
      ...described,
      servers: [{ url: requestBase(request as FastifyRequest) }],
    }),
  });
}

/** Swagger UI at `/swagger-ui/` for a document that is served elsewhere: its address is relative to the page, for the sake of prefixes. */
export function showOpenApi(app: NestFastifyApplication, url: string): void {
  const none: OpenAPIObject = { openapi: '3.1.0', info: { title: '', version: '' }, paths: {} };
  SwaggerModule.setup('swagger-ui', app, () => none, {
    raw: false,
    customCss,
    explorer: true,
    swaggerOptions: { validatorUrl: 'none', urls: [{ url, name: 'all services' }] },
  });
}

/** The document itself. */
export function documentOf(app: NestFastifyApplication, api: ApiDescription): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(api.title)
    .setVersion(build.version)
    .setLicense(...license);
  const routes = SwaggerModule.createDocument(app, config.build(), {
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? jsonSchema(schema, schemaType) : undefined,
  });
  return describeApi(routes, api);
}

/** The page's own links are relative to `/swagger-ui/`; the redirect is relative too, so that it works behind a prefix. */
export function redirectToSwaggerUi(instance: FastifyInstance): void {
  instance.addHook('onRequest', ({ originalUrl }, reply, done) => {
    if (originalUrl !== '/swagger-ui') return done();
    reply.redirect('./swagger-ui/');
  });
}

/** What is not known is ignored, so objects stay open. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output') {
  const {
    $defs,
    $schema: _,
    ...rest
  } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ jsonSchema: node }) => void delete node.additionalProperties,
  });
  return { schema: rest, components: { ...$defs } };
}
