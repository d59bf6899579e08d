import { ServiceClient } from '@storefront/reconcile';
import { Access, addressOf, type Given } from './access';
import { messageOf, say } from './command-line';
import { environmentLinks } from './environment-links';
import { ParkedClient } from './parked-client';
import type { Outcome } from './parked-outcome';
import type { Asked } from './parked-positions';
import { WrongCall } from './wrong-call';

const consumers = ['orders', 'fulfillment'] as const;
type Consumer = (typeof consumers)[number];

export interface AskedService extends Asked {
  readonly name: string;
}

interface Wanted extends Given {
  readonly service?: string | undefined;
  readonly topic?: string | undefined;
}

/**
 * The services that a call is about: the one that --service or an address alone names, else the one that consumes the topic (of --topic, or of
 * the lane, whose id begins with it), else both that park events. Throws WrongCall.
 */
export function askedServices(wanted: Wanted, lane: string | undefined): AskedService[] {
  const alone = wanted.url?.filter((each) => !/^\w+=/.test(each)) ?? [];
  if (alone.length > 1) throw new WrongCall('--url may come once without the name of a service.');
  const url = wanted.url?.filter((each) => !alone.includes(each));
  const name = serviceOf(wanted, lane);
  const [address] = alone;
  if (address !== undefined) {
    const own = addressOf('--url', address);
    const service =
      consumers.find((each) => new Access({ ...wanted, url: url ?? [] }).url(each) === own) ?? name ?? 'orders';
    const access = new Access({ ...wanted, url: [...(url ?? []), `${service}=${own}`] });
    return [asked(own, { url: own, username: access.user, password: access.password })];
  }
  const access = new Access({ ...wanted, url });
  return (name === undefined ? consumers : [name]).map((service) =>
    asked(service, { url: access.url(service), username: access.user, password: access.password }),
  );
}

function asked(name: string, access: { url: string; username: string; password: string }): AskedService {
  const client = new ParkedClient(access.url, { user: access.username, password: access.password });
  return { name, client, overview: () => new ServiceClient(access).overview() };
}

function serviceOf({ service, topic }: Wanted, lane: string | undefined): Consumer | undefined {
  if (service !== undefined) {
    const named = consumers.find((each) => each === service);
    if (named === undefined) throw new WrongCall(`--service is ${consumers.join(' or ')}.`);
    return named;
  }
  const isAbout = (name: string) => topic === name || lane?.startsWith(`${name}|`) || lane?.startsWith(`${name}:`);
  const link = environmentLinks().find((each) => isAbout(each.topic));
  return consumers.find((each) => each === link?.replica) ?? (lane === undefined ? undefined : 'orders');
}

/** Runs it at each of the services and tells what came of it; one that fails does not keep the others from it. Returns the exit code. */
export async function atEach(
  services: readonly AskedService[],
  json: boolean,
  run: (service: AskedService) => Promise<Outcome>,
): Promise<number> {
  const answers: Record<string, unknown> = {};
  let code = 0;
  for (const [index, service] of services.entries()) {
    try {
      const outcome = await run(service);
      answers[service.name] = outcome.json;
      code = Math.max(code, outcome.code);
      const heading = services.length === 1 ? '' : `${index === 0 ? '' : '\n'}${service.name}:\n`;
      if (!json) say(`${heading}${outcome.text}`);
    } catch (error) {
      if (error instanceof WrongCall) throw error;
      process.stderr.write(`${services.length === 1 ? '' : `${service.name}: `}${messageOf(error)}\n`);
      code = 1;
    }
  }
  const [first] = services;
  if (!json || Object.keys(answers).length === 0) return code;
  say(JSON.stringify(services.length === 1 && first ? answers[first.name] : answers, null, 2));
  return code;
}
