// Run by mongosh until it succeeds: the replica set of one, and a user for each service with rights on its own database.
const { env } = process;

db.auth('root', env.MONGODB_ROOT_PASSWORD);
try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongo-0.mongo.mongo.svc.cluster.local:27017' }] });
}
while (!db.hello().isWritablePrimary) sleep(200);

for (const service of ['accounts', 'orders', 'fulfillment']) {
  const store = db.getSiblingDB(service);
  const user = { pwd: env[`${service.toUpperCase()}_MONGODB_PASSWORD`], roles: [{ role: 'readWrite', db: service }] };
  if (store.getUser(service)) store.updateUser(service, user);
  else store.createUser({ user: service, ...user });
  print(`user ${service} of database ${service}`);
}
