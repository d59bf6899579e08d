import { Get, Param, Req, type Type } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { acceptedType, jsonType } from './accepted-type';
import { alps } from './alps';
import { HalController } from './hal-controller';
import { jsonSchema } from './json-schema';
import { Produces } from './produces';
import { requestBase } from './request-base';
import { HalDocument, type HalLinks, halLinks } from './representation';
import type { ResourceProfile } from './resource-profile';

const alpsType = 'application/alps+json';
const schemaType = 'application/schema+json';
/** In this order: JSON is ALPS. */
const profileTypes = [alpsType, schemaType, jsonType];

/** No resource of this service has this name. */
class ProfileNotFound extends Error {
  readonly kind = 'not-found' as const;

  constructor(collection: string) {
    super(`There is no profile ${collection}.`);
    this.name = 'ProfileNotFound';
  }
}

/**
 * The controller of `/profile` and `/profile/{collection}`: what the resources mean, as JSON Schema for a client that accepts
 * `application/schema+json`, as ALPS for every other one, whatever it accepts. Among the controllers of the app's module: `profileController([widgets])`.
 */
export function profileController(profiles: readonly ResourceProfile[]): Type {
  const schemas = new Map<ResourceProfile, object>();

  function schemaOf(profile: ResourceProfile): object {
    const schema = schemas.get(profile) ?? jsonSchema(profile);
    schemas.set(profile, schema);
    return schema;
  }

  @ApiExcludeController()
  @HalController('profile')
  class ProfileController {
    @Get()
    all(): HalLinks {
      const links = profiles.map(({ collection }) => [collection, `/profile/${collection}`]);
      return halLinks({ self: '/profile', ...Object.fromEntries(links) });
    }

    @Get(':collection')
    @Produces()
    one(@Param('collection') collection: string, @Req() request: FastifyRequest): HalDocument {
      const profile = profiles.find((candidate) => candidate.collection === collection);
      if (!profile) throw new ProfileNotFound(collection);
      const type = acceptedType(request.headers.accept, profileTypes) ?? alpsType;
      const document =
        type === schemaType ? schemaOf(profile) : alps(profile, `${requestBase(request)}/profile/${collection}`);
      return new HalDocument(type, document);
    }
  }
  return ProfileController;
}
