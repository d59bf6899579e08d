import { rootCertificates } from 'node:tls';
import { serviceStore } from './service-store';

const host = 'mongodb://store.example:27017';

const ordersStore = (given?: string, running?: string, environment: Record<string, string> = {}) =>
  serviceStore('orders', { given, running }, environment);

describe('the database of a service', () => {
  it.each([
    ['no database, and so orders', { MONGODB_URI: host }, host, 'orders'],
    ['a database', { MONGODB_URI: `${host}/shop?w=majority` }, `${host}/shop?w=majority`, 'shop'],
    ["Spring's name", { SPRING_DATA_MONGODB_URI: `${host}/shop` }, `${host}/shop`, 'shop'],
  ])('is what the environment names: %s', (_, environment, uri, database) => {
    expect(ordersStore(undefined, 'mongodb://running', environment)).toEqual({ uri, database, options: {} });
  });

  it('is reached with the user and the certificate that the service has', () => {
    const [MONGODB_TLS_CA = ''] = rootCertificates;
    const secrets = { MONGODB_USERNAME: 'orders', MONGODB_PASSWORD: 'p@ss/word', MONGODB_TLS_CA };
    const options = { auth: { username: 'orders', password: 'p@ss/word' }, tls: true, ca: MONGODB_TLS_CA };
    expect(ordersStore(undefined, undefined, { MONGODB_URI: host, ...secrets })?.options).toEqual(options);
    // --mongodb says where, not who
    const given = ordersStore(`${host}/shop`, undefined, { MONGODB_URI: 'mongodb://other', ...secrets });
    expect(given).toEqual({ uri: `${host}/shop`, database: 'shop', options });
  });

  it('is that of the running system where nobody names one, without the users of others', () => {
    const environment = { MONGODB_USERNAME: 'orders', MONGODB_PASSWORD: 'secret' };
    const running = 'mongodb://127.0.0.1:4711';
    expect(ordersStore(undefined, running, environment)).toEqual({
      uri: `${running}/orders`,
      database: 'orders',
      options: {},
    });
    expect(ordersStore(undefined, undefined, environment)).toBeUndefined();
  });

  it.each([
    ['a user without a password', { MONGODB_USERNAME: 'orders' }, 'MONGODB_PASSWORD'],
    ['two users', { MONGODB_URI: 'mongodb://a:b@h', MONGODB_USERNAME: 'c', MONGODB_PASSWORD: 'd' }, 'MONGODB_USERNAME'],
    ['no certificate', { MONGODB_TLS_CA: 'none' }, 'MONGODB_TLS_CA'],
  ])('is refused with %s, by the name of the variable', (_, environment, name) => {
    expect(() => ordersStore(undefined, undefined, { MONGODB_URI: host, ...environment })).toThrow(name);
  });
});
