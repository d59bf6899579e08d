import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { requestBase } from '@storefront/hal';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';

/** Swagger UI at `/swagger-ui/` and the OpenAPI 3.1 document at `/v3/api-docs`, made of the zod schemas when first asked for. */
export function serveOpenApi(
  app: NestFastifyApplication,
  { title, version }: { title: string; version: string },
): void {
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(title).setVersion(version).build();
  const document = (): OpenAPIObject =>
    SwaggerModule.createDocument(app, config, {
      standardSchemaConverter: (schema, { schemaType }) =>
        schema instanceof z.ZodType ? jsonSchema(schema, schemaType) : undefined,
    });
  SwaggerModule.setup('swagger-ui', app, document, {
    jsonDocumentUrl: 'v3/api-docs',
    raw: ['json'],
    patchDocumentOnRequest: (request: unknown, _reply: unknown, described: OpenAPIObject): OpenAPIObject => ({
      ...described,
      servers: [{ url: requestBase(request as FastifyRequest) }],
    }),
  });
}

/** The page's own links are relative to `/swagger-ui/`; the redirect is relative too, so that it works behind a prefix. */
export function redirectToSwaggerUi(instance: FastifyInstance): void {
  instance.addHook('onRequest', ({ originalUrl }, reply, done) => {
    if (originalUrl !== '/swagger-ui') return done();
    reply.redirect('./swagger-ui/');
  });
}

/** Responses may hold more than their schema says (`_links`), so objects stay open. */
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
