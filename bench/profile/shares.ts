import type { Profile, ProfileNode } from './profiler';

/** Where code belongs, by its file; the first that fits. */
const places: readonly [place: string, file: RegExp][] = [
  [
    'metrics',
    /node_modules\/prom-client\/|libs\/actuator\/src\/metrics\/|libs\/service\/src\/mongo-commands|libs\/messaging\/src\/(kafka\/kafka-)?metrics/,
  ],
  [
    'logging',
    /node_modules\/(nestjs-)?pino|node_modules\/(sonic-boom|thread-stream)\/|libs\/service\/src\/service-logger/,
  ],
  ['tracing', /node_modules\/@opentelemetry\/|libs\/service\/src\/tracing\/|process-spans|send-span/],
  ['driver', /node_modules\/(mongodb|bson|mongodb-connection-string-url)\//],
  ['mongoose', /node_modules\/(mongoose|mquery|kareem|mpath)\//],
  ['kafkajs', /node_modules\/kafkajs\//],
  ['zod', /node_modules\/zod\//],
  ['Nest', /node_modules\/(@nestjs|rxjs|reflect-metadata)\//],
  ['Fastify', /node_modules\/(@?fastify|find-my-way|avvio|light-my-request|secure-json-parse|reusify|process-warning)/],
  ['hal', /libs\/hal\//],
  ['messaging', /libs\/messaging\//],
  ['actuator and service', /libs\/(actuator|service)\//],
  ['app', /(dist\/)?apps\/|libs\/contracts\//],
  ['other packages', /node_modules\//],
];

const GARBAGE = '(garbage collector)';
const IDLE = '(idle)';
const PROGRAM = '(program)';

/**
 * How the time that a process was busy is shared among the places, as shares of 1, the largest first. What Node does by itself
 * (its modules, built-in functions) counts for whoever called it; `Node` is what nobody did: sockets, the parser of HTTP.
 */
export function shares(profile: Profile): Map<string, number> {
  const self = selfTimes(profile);
  const placeOf = placesOf(profile);
  const times = new Map<string, number>();
  let busy = 0;
  for (const [id, time] of self) {
    const place = placeOf.get(id) ?? 'Node';
    if (place === IDLE) continue;
    busy += time;
    times.set(place, (times.get(place) ?? 0) + time);
  }
  return new Map([...times].map(([place, time]) => [place, time / busy] as const).toSorted(([, a], [, b]) => b - a));
}

/** Functions by the time spent in themselves, as shares of the busy time, the largest first. */
export function hottest(profile: Profile, count: number): { name: string; share: number }[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const times = new Map<string, number>();
  let busy = 0;
  for (const [id, time] of selfTimes(profile)) {
    const node = nodes.get(id);
    if (!node || node.callFrame.functionName === IDLE) continue;
    busy += time;
    const name = nameOf(node);
    times.set(name, (times.get(name) ?? 0) + time);
  }
  const sorted = [...times].toSorted(([, a], [, b]) => b - a).slice(0, count);
  return sorted.map(([name, time]) => ({ name, share: time / busy }));
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.replace(/^file:\/\//, '').replace(/^.*\/(node_modules|dist)\//, '');
  return `${functionName || '(anonymous)'}${file && ` ${file}:${lineNumber + 1}`}`;
}

function selfTimes({ samples, timeDeltas }: Profile): Map<number, number> {
  const times = new Map<number, number>();
  for (const [index, id] of samples.entries()) times.set(id, (times.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  return times;
}

function placesOf({ nodes }: Profile): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Map<number, string>();
  const visit = (node: ProfileNode, inherited: string) => {
    const place = placeOfFrame(node) ?? inherited;
    found.set(node.id, place);
    for (const child of node.children ?? []) {
      const next = byId.get(child);
      if (next) visit(next, place);
    }
  };
  if (nodes[0]) visit(nodes[0], 'Node');
  return found;
}

/** undefined: of Node itself, which counts for the caller. */
function placeOfFrame({ callFrame: { functionName, url } }: ProfileNode): string | undefined {
  if (functionName === GARBAGE) return 'garbage collection';
  if (functionName === IDLE) return IDLE;
  if (functionName === PROGRAM) return 'Node';
  return places.find(([, file]) => file.test(url))?.[0];
}
