// Run by mongosh, on minikube and in Compose: the replica set of one, and a user for each service with rights on its own database.
// Run again it changes passwords and nothing else.
const { env } = process;

db.auth('root', env.MONGODB_ROOT_PASSWORD);
try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: env.MONGODB_MEMBER }] });
}
while (!db.hello().isWritablePrimary) sleep(200);

for (const service of ['accounts', 'orders', 'fulfillment']) {
  const store = db.getSiblingDB(service);
  const user = { pwd: env[`${service.toUpperCase()}_MONGODB_PASSWORD`], roles: [{ role: 'readWrite', db: service }] };
  if (store.getUser(service)) store.updateUser(service, user);
  else store.createUser({ user: service, ...user });
  print(`user ${service} of database ${service}`);
}
