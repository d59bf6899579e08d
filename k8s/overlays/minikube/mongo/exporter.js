// Run by mongosh after setup.js, on minikube: whom mongodb_exporter logs in as. It reads how the server is, and no document.
const admin = db.getSiblingDB('admin');
const exporter = { pwd: process.env.EXPORTER_MONGODB_PASSWORD, roles: [{ role: 'clusterMonitor', db: 'admin' }] };
if (admin.getUser('exporter')) admin.updateUser('exporter', exporter);
else admin.createUser({ user: 'exporter', ...exporter });
print('user exporter of database admin');
