import type { HeadersObject, OperationObject, ResponseObject, ResponsesObject } from '@nestjs/swagger';
import { patchTypes } from '../patch-body';
import type { Method, Route, RouteKind } from './hal-route';

/** An operation as the document tells of it so far, and which kind of route it is. */
export interface Told {
  readonly operation: OperationObject;
  readonly route: Route;
}

/** The operations of a path, and those that no handler names: HEAD beside GET, and OPTIONS. */
export function withHeadAndOptions(told: readonly Told[]): Told[] {
  const [first] = told;
  if (first === undefined) return [];
  const heads = told.flatMap(({ operation, route }): Told[] =>
    route.method === 'get' ? [like('head', { operation, route })] : [],
  );
  const { operation, route } = like('options', first);
  const parameters = (operation.parameters ?? []).filter((parameter) => 'in' in parameter && parameter.in === 'path');
  const allowed = allowedBy([...told, ...heads].map((each) => each.route));
  return [...told, ...heads, { operation: { ...operation, parameters }, route: { ...route, allowed } }];
}

function like(method: Method, told: Told): Told {
  const { requestBody: _, ...operation } = told.operation;
  return { operation, route: { ...told.route, method } };
}

const order: readonly Method[] = ['get', 'head', 'post', 'put', 'patch', 'delete'];

/** Documents of links tell GET alone, as recorded. */
function allowedBy(routes: readonly Route[]): string[] {
  if (routes.some(({ kind }) => kind === 'links')) return ['GET'];
  const methods = routes.map(({ method }) => method);
  return [...order.filter((method) => methods.includes(method)), 'options'].map((method) => method.toUpperCase());
}

const exactly = (description: string, value: string) => ({
  description,
  required: true,
  schema: { type: 'string' as const, enum: [value] },
});

/** What OPTIONS answers where nothing is wrong. */
export function optionsAnswers({ allowed = [], kind }: Route): ResponsesObject {
  const isPlain = kind === 'text' || kind === 'summary';
  const headers: HeadersObject = {
    Allow: exactly('The methods that the path has.', allowed.join(',')),
    ...(allowed.includes('PATCH') && { 'Accept-Patch': exactly('What PATCH takes.', patchTypes.join(', ')) }),
    ...(isPlain && { 'Accept-Patch': exactly('Nothing: there is no PATCH.', '') }),
  };
  return {
    200: { description: 'What the path has.', headers },
    403: { description: 'A preflight of another origin: none is let in.' },
  };
}

const link: HeadersObject = {
  Link: { description: 'The links of the resource to itself.', required: true, schema: { type: 'string' } },
};

/** What HEAD answers where GET answers this: of a resource 204, with its links; never a body. */
export function headAnswers(kind: RouteKind, get: ResponsesObject): ResponsesObject {
  const isPlain = kind === 'text' || kind === 'summary';
  const answers = Object.entries(get).map(([status, answer]): [string, ResponseObject] => {
    const { content: _, ...bodiless } = answer as ResponseObject;
    if (isPlain || status !== '200') return [status, bodiless];
    return ['204', { ...bodiless, headers: { ...bodiless.headers, ...(kind !== 'links' && link) } }];
  });
  return Object.fromEntries(answers);
}
