import { environmentOf, secretValue } from './environments';
import { type Manifest, type Manifests, nameOf, namespaceOf } from './manifests';
import { containersOf, podOf } from './pods';
import { services } from './services';

/** With the key file comes authentication; without it, or with more, the door may be open. */
const command = 'mongod --replSet rs0 --keyFile /key/replica-set --bind_ip_all';

/** mongod refuses a key file that others may read. */
const keyCommand = 'install -m 400 /secret/replica-set-key /key/replica-set';

/** MongoDB of a laptop: behind a password, with what it writes on a volume, and with the users that the services are. */
export function mongoFaults(manifests: Manifests, shapes: Manifests): string[] {
  return manifests
    .of('StatefulSet')
    .flatMap((store) => [
      ...serverFaults(store).map((fault) => `${nameOf(store)}: ${fault}`),
      ...setupFaults(store, manifests),
      ...services.flatMap((service) => clientFaults(service, manifests, shapes)),
    ]);
}

function serverFaults(store: Manifest): string[] {
  const { containers, initContainers = [], securityContext, volumes = [] } = podOf(store);
  const [{ args = [], volumeMounts = [] } = { args: [], volumeMounts: [] }] = containers;
  const mounted = (path: string) => volumeMounts.find(({ mountPath }) => mountPath === path)?.name;
  const [key] = initContainers;
  const keyPaths = key?.volumeMounts?.map(({ mountPath }) => mountPath).join();
  const isClaimed = !volumes.some(({ name }) => name === mounted('/data/db')) && mounted('/data/db') !== undefined;
  return [
    ...(args.join(' ') === command ? [] : [`it runs ${args.join(' ')}, not ${command}`]),
    ...(mounted('/key') ? [] : ['its key is not mounted at /key']),
    ...(key?.command?.join(' ') === `bash -c ${keyCommand}` && keyPaths === '/secret,/key'
      ? []
      : ['nobody makes its key file']),
    ...(securityContext?.runAsUser === 999 ? [] : ['it is not mongodb (999) in its image']),
    ...(isClaimed ? [] : ['what it keeps is on no volume of its own']),
  ];
}

/** The job gives every user the password that the service has, and the member the name that it is found by. */
function setupFaults(store: Manifest, manifests: Manifests): string[] {
  const [job] = manifests.of('Job').filter((each) => namespaceOf(each) === namespaceOf(store));
  const secret = manifests.find('Secret', namespaceOf(store), 'mongo-passwords');
  if (!job || !secret) return [`${nameOf(store)}: nobody makes its users`];
  const environment = environmentOf(job, manifests, manifests);
  const passwords = ['root', 'exporter', ...services].flatMap((user) => {
    const is =
      environment[`${user.toUpperCase()}_MONGODB_PASSWORD`] ?? environment[`MONGODB_${user.toUpperCase()}_PASSWORD`];
    return is === secretValue(secret, user) ? [] : [`${nameOf(job)}: not the password of ${user}`];
  });
  const { MONGO_INITDB_ROOT_PASSWORD: root, MONGO_INITDB_ROOT_USERNAME: administrator } = environmentOf(
    store,
    manifests,
    manifests,
  );
  const said = podOf(job).containers[0]?.command?.join(' ');
  const address = `mongodb://${environment['MONGODB_MEMBER']}/admin?directConnection=true`;
  const images = new Set([store, job].flatMap((each) => containersOf(podOf(each)).map(({ image }) => image)));
  return [
    ...passwords,
    ...(root === secretValue(secret, 'root') ? [] : [`${nameOf(store)}: not the password of root`]),
    ...(administrator === 'root' ? [] : [`${nameOf(store)}: its administrator is ${administrator ?? 'nobody'}`]),
    ...(said === `mongosh --quiet ${address} --file /setup/setup.js --file /setup/exporter.js`
      ? []
      : [`${nameOf(job)}: it runs ${said ?? 'nothing'}`]),
    ...(images.size === 1 ? [] : [`${nameOf(job)}: it is of another version than the store`]),
  ];
}

function clientFaults(service: string, manifests: Manifests, shapes: Manifests): string[] {
  const [job] = manifests.of('Job');
  const member = job ? environmentOf(job, manifests, manifests)['MONGODB_MEMBER'] : undefined;
  return manifests
    .of('Deployment')
    .filter(({ metadata }) => metadata.name === service)
    .flatMap((deployment) => {
      const text = environmentOf(deployment, manifests, shapes)['MONGODB_URI'] ?? '';
      const uri = URL.parse(text.replace(/^mongodb/, 'http'));
      return [
        ...(uri?.host === member ? [] : [`it calls ${uri?.host ?? 'nobody'}, the replica set ${member ?? 'nobody'}`]),
        ...(uri?.search === '?replicaSet=rs0'
          ? []
          : [`it connects with ${uri?.search || 'nothing'}, not ?replicaSet=rs0`]),
      ].map((fault) => `${nameOf(deployment)}: ${fault}`);
    });
}
