import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mongo } from 'mongoose';
import { KEEP_ALIVE_MS } from '../rig/keep-alive';
import type { Customer, Details, Entry } from './customer';
import { publishing } from './publishing';

// The least that takes a customer to a store and a topic: node:http, the driver, kafkajs, and nothing between them.

const DURABLE = { writeConcern: { w: 'majority', j: true } } as const;
const RING = 16;

type Customers = mongo.Collection<Customer>;
type Publish = (waiting: { _id: mongo.ObjectId; entry: Entry }) => void;

function entryOf(_id: mongo.ObjectId, { name, contact, addresses }: Details, version: number): Entry {
  const value = JSON.stringify({ id: _id.toHexString(), name, contact, addresses });
  return { version, id: randomUUID(), value, occurredAt: new Date().toISOString() };
}

async function create(customers: Customers, publish: Publish, details: Details): Promise<Customer> {
  const _id = new mongo.ObjectId();
  const entry = entryOf(_id, details, 1);
  const outboxSince = Date.now();
  const customer = { _id, ...details, version: 1, outbox: [entry], outboxSince, recentEventIds: [entry.id] };
  await customers.insertOne(customer, DURABLE);
  publish({ _id, entry });
  return customer;
}

async function change(customers: Customers, publish: Publish, [id, changes]: [string, Partial<Details>]) {
  const _id = new mongo.ObjectId(id);
  const now = await customers.findOne({ _id });
  if (!now) return undefined;
  const { name, contact, addresses, creditCards } = now;
  const details = {
    name: { ...name, ...changes.name },
    contact: { ...contact, ...changes.contact },
    addresses: changes.addresses ?? addresses,
    creditCards: changes.creditCards ?? creditCards,
  };
  const version = now.version + 1;
  const entry = entryOf(_id, details, version);
  const update: mongo.UpdateFilter<Customer> = {
    $set: { ...details, version },
    $push: { recentEventIds: { $each: [entry.id], $slice: -RING }, outbox: entry },
    $min: { outboxSince: Date.now() },
  };
  const { matchedCount } = await customers.updateOne({ _id, version: now.version }, update, DURABLE);
  if (matchedCount === 0) throw new Error(`${id} was changed meanwhile`);
  publish({ _id, entry });
  return { ...now, ...details, version };
}

function answer(response: ServerResponse, status: number, customer: Customer): void {
  const { _id, name, contact, addresses, creditCards } = customer;
  const href = `http://127.0.0.1/customers/${_id.toHexString()}`;
  const body = JSON.stringify({ name, contact, addresses, creditCards, _links: { self: { href } } });
  response.writeHead(status, { 'content-type': 'application/json', location: href }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<Details> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve, reject) => request.once('end', resolve).once('error', reject));
  return JSON.parse(Buffer.concat(chunks).toString()) as Details;
}

async function page(customers: Customers, query: string, response: ServerResponse): Promise<void> {
  const parameters = new URLSearchParams(query);
  const [number, size] = [Number(parameters.get('page')), Number(parameters.get('size'))];
  const projection = { outbox: 0, recentEventIds: 0 };
  const found = customers
    .find({}, { projection })
    .sort({ _id: 1 })
    .skip(number * size)
    .limit(size);
  const [items, total] = await Promise.all([found.toArray(), customers.estimatedDocumentCount()]);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items, total }));
}

async function handle(request: IncomingMessage, response: ServerResponse, [customers, publish]: [Customers, Publish]) {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const id = path.split('/')[2];
  if (request.method === 'POST') return answer(response, 201, await create(customers, publish, await bodyOf(request)));
  if (id === undefined) return page(customers, query, response);
  const customer =
    request.method === 'PATCH'
      ? await change(customers, publish, [id, await bodyOf(request)])
      : await customers.findOne({ _id: new mongo.ObjectId(id) });
  if (!customer) return response.writeHead(404).end();
  return answer(response, 200, customer);
}

async function main(): Promise<void> {
  const client = await mongo.MongoClient.connect(process.env['MONGODB_URI'] ?? '');
  const customers = client.db().collection<Customer>('customers');
  const publish = await publishing(customers);
  const server = createServer((request, response) => {
    handle(request, response, [customers, publish]).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.('ready'));
}

void main();
