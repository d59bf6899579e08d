import { Access } from './access';
import { WrongCall } from './wrong-call';

const nobody = { STOREFRONT_DATA_DIR: '/nothing/is/here' };

describe('where the services are, and who asks', () => {
  it('is what the options say, else the environment, else the usual place', () => {
    const environment = {
      ...nobody,
      ORDERS_URL: 'http://orders:1/',
      ACCOUNTS_URL: 'http://accounts:1',
      MANAGEMENT_PASSWORD: 'e',
    };
    const access = new Access({ url: ['orders=http://orders:2/'], user: 'ada' }, environment);
    expect((['accounts', 'orders', 'fulfillment'] as const).map((service) => access.url(service))).toEqual([
      'http://accounts:1',
      'http://orders:2',
      'http://127.0.0.1:8095',
    ]);
    expect([access.user, access.password]).toEqual(['ada', 'e']);
    expect(new Access({ password: 'o' }, environment).password).toBe('o');
    expect(new Access({}, environment).user).toBe('admin');
  });

  it('is the same of Kafka, which has no usual place', () => {
    expect(new Access({}, nobody).brokers).toBeUndefined();
    expect(() => new Access({}, nobody).neededBrokers).toThrow(WrongCall);
    expect(new Access({}, { ...nobody, KAFKA_BROKERS: 'a:1' }).neededBrokers).toBe('a:1');
    expect(new Access({ brokers: 'b:1' }, { ...nobody, KAFKA_BROKERS: 'a:1' }).neededBrokers).toBe('b:1');
  });

  it('is a wrong call where it cannot be understood, and where a password is missing', () => {
    for (const url of ['orders', 'gateway=http://x', 'orders=nowhere', 'orders=ftp://x', 'http://127.0.0.1:8090']) {
      expect(() => new Access({ url: [url] }, nobody)).toThrow(WrongCall);
    }
    expect(() => new Access({}, { ...nobody, ORDERS_URL: 'x' })).toThrow(/^ORDERS_URL x is not an address/);
    expect(() => new Access({}, nobody).password).toThrow(/no npm start runs on \/nothing\/is\/here/);
  });
});
