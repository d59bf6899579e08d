import type { OperationObject } from '@nestjs/swagger';

/** Where one service tells the parameter of another one's operation: what only the merged document can say. */
interface Between {
  readonly from: readonly string[];
  /** A runtime expression of OpenAPI. */
  readonly parameter: string;
  /** Names of parameters by operation. */
  readonly to: Readonly<Record<string, string>>;
}

const ordersOfCustomer = {
  'orders.getCustomerOrders': 'id',
  'orders.listOrders': 'customerId',
  'orders.createOrder': 'customerId',
};

const between: readonly Between[] = [
  {
    from: ['accounts.getCustomer', 'accounts.replaceCustomer', 'accounts.changeCustomer'],
    parameter: '$request.path.id',
    to: ordersOfCustomer,
  },
  { from: ['accounts.createCustomer'], parameter: '$request.body#/id', to: ordersOfCustomer },
  {
    from: ['orders.getOrder', 'orders.fulfillOrder'],
    parameter: '$request.path.guid',
    to: { 'fulfillment.getFulfillment': 'id' },
  },
  { from: ['fulfillment.getFulfillment'], parameter: '$request.path.id', to: { 'orders.getOrder': 'guid' } },
];

/** Gives the operations OpenAPI's links to those of other services, as far as they are there. */
export function linkServices(operations: readonly OperationObject[]): void {
  const present = new Map(operations.map((operation) => [operation.operationId, operation]));
  for (const { from, parameter, to } of between) {
    const targets = Object.entries(to).filter(([operationId]) => present.has(operationId));
    const links = targets.map(([operationId, name]) => [
      operationId,
      { operationId, parameters: { [name]: parameter } },
    ]);
    for (const id of from) addLinks(present.get(id), Object.fromEntries(links));
  }
}

function addLinks(operation: OperationObject | undefined, links: object): void {
  for (const [status, answer] of Object.entries(operation?.responses ?? {})) {
    if (answer !== undefined && ['200', '201'].includes(status) && 'description' in answer)
      Object.assign(answer, { links: { ...('links' in answer && answer.links), ...links } });
  }
}
