import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  MethodNotAllowedException,
  Param,
  Patch,
  Post,
  Put,
  Query,
  UseFilters,
} from '@nestjs/common';
import { isMet } from '@storefront/wire';
import { z } from 'zod';
import {
  changed,
  created,
  HalController,
  type HalItem,
  halItem,
  halLinks,
  halPage,
  IdempotencyKey,
  IfMatches,
  InvalidRequest,
  type KeyedRequest,
  pageRequest,
  type Patch as PatchOf,
  PatchBody,
  type Precondition,
  profileController,
  ProblemDetailsFilter,
  removed,
  replaced,
  type ResourceProfile,
  WholeCollection,
} from '../src';

const Widget = z.object({ name: z.string(), sizes: z.array(z.int()).default([]) });
type Widget = z.infer<typeof Widget>;

const Part = z.object({ kind: z.enum(['NUT', 'BOLT']).nullable(), mainUse: z.string().nullable().default(null) });
const widgetProfile: ResourceProfile = {
  item: 'widget',
  collection: 'widgets',
  schema: Widget.extend({ part: Part.nullable(), spareParts: z.array(Part).nullable() }),
  definitions: { part: Part },
  operations: ['create', 'update', 'patch', 'delete'],
};

class WidgetNotFound extends Error {
  readonly kind = 'not-found' as const;
}
class WrongVersion extends Error {
  readonly kind = 'precondition-failed' as const;
  readonly currentVersion = 3;
}
class WidgetBusy extends Error {
  readonly kind = 'conflict' as const;
  readonly details = { from: 'CREATED', status: 'none of the standard members' };
}

function widget(id: string, content: object = { name: id, sizes: [] }): HalItem {
  return halItem({
    rel: 'widget',
    path: `/widgets/${id}`,
    content,
    version: 3,
    ...(id === 'composed' && { tag: '3-a1' }),
    links: { paint: `/widgets/${id}/paint` },
  });
}

@HalController('widgets')
class WidgetsController {
  @Get()
  page(@Query() query: unknown) {
    return halPage({ rel: 'widgets', items: [widget('1')], totalElements: 5, request: pageRequest(query, ['name']) });
  }

  @Get(':id')
  one(@Param('id') id: string) {
    if (id === 'unknown') throw new WidgetNotFound('There is no such widget.');
    if (id === 'broken') throw new TypeError('a secret');
    return widget(id);
  }

  @Post()
  create(@Body({ schema: Widget }) body: Widget, @IdempotencyKey() _request?: KeyedRequest) {
    return created(widget('9', body));
  }

  @Put(':id')
  replace(@Param('id') id: string, @Body({ schema: Widget }) body: Widget, @IfMatches() precondition?: Precondition) {
    if (id === 'sample') throw new MethodNotAllowedException();
    if (precondition && !isMet(precondition, id === 'new' ? undefined : 3))
      throw new WrongVersion('Another version is stored.');
    return replaced(widget(id, body), id === 'new');
  }

  @Patch(':id')
  amend(@Param('id') id: string, @PatchBody() patch: PatchOf) {
    return changed(widget(id, Widget.parse(patch({ name: id, sizes: [1, 2] }))));
  }

  @Delete(':id')
  delete() {
    return removed();
  }
}

@HalController('widgets/:id')
@UseFilters(ProblemDetailsFilter)
class WidgetCommandsController {
  @Post('paint')
  paint(@Param('id') id: string) {
    if (id === 'busy') throw new WidgetBusy('It is busy.');
    if (id === 'wrong') throw new InvalidRequest([{ field: 'a.b', message: 'is wrong' }]);
    return widget(id);
  }

  @Post('parts')
  addPart(@Param('id') id: string, @Body({ schema: Widget }) body: Widget) {
    return created(widget(`${id}-part`, body));
  }
}

@Controller('widgets')
class PlainController {
  @Get('sample')
  @HttpCode(201)
  sample() {
    return 'Samples made';
  }

  @Get('summary')
  @WholeCollection()
  summary() {
    return { widgets: [] };
  }
}

@HalController()
class RootController {
  @Get()
  root() {
    return halLinks({ widgets: '/widgets{?page,size,sort}', profile: '/profile' });
  }
}

/** Everything the small service answers. */
export const widgetControllers = [
  RootController,
  profileController([widgetProfile]),
  WidgetsController,
  WidgetCommandsController,
  PlainController,
];
