import { Lifecycle } from '../lifecycle';
import { actuatorV2 } from '../answers/media-types';
import { authorized, credential, startThings, type ThingsApp } from '../../test/things-app';
import { Health } from './health';
import { healthGroups } from './health-groups';

const prefix = 'MANAGEMENT_ENDPOINT_HEALTH_GROUP';

describe('the groups of health', () => {
  it.each([
    [{ [`${prefix}_SHOP_INCLUDE`]: 'mongo, ping' }, 'shop', { include: ['mongo', 'ping'], exclude: [] }],
    [
      { 'management.endpoint.health.group.onlyMongo.include': 'mongo' },
      'onlyMongo',
      { include: ['mongo'], exclude: [] },
    ],
    [{ [`${prefix}_A_B_EXCLUDE`]: '*', OTHER: 'x' }, 'a_b', { include: [], exclude: ['*'] }],
    [{ [`${prefix}_SHOP_SHOWDETAILS`]: 'NEVER' }, 'shop', { include: [], exclude: [], showDetails: 'never' }],
    [{ [`${prefix}_SHOP_SHOW_COMPONENTS`]: 'always' }, 'shop', { include: [], exclude: [], showComponents: 'always' }],
  ])('of %j are %s: %j', (variables, name, group) => {
    expect([...healthGroups(variables)]).toEqual([[name, group]]);
  });

  it('are shown to nobody that Spring does not know', () => {
    const variables = { [`${prefix}_SHOP_SHOW_DETAILS`]: 'friends' };
    expect(() => healthGroups(variables)).toThrow(/_SHOP_SHOW_DETAILS is 'friends': one of never/);
  });

  it('cannot have a part that there is not', () => {
    const groups = healthGroups({ [`${prefix}_SHOP_INCLUDE`]: 'db' });
    const make = () => new Health({ healthComponents: {} }, new Lifecycle(), 1_000, groups);
    expect(make).toThrow("The group shop of health has 'db', which is none of livenessState, readinessState.");
  });
});

describe('a group of health', () => {
  let things: ThingsApp;

  beforeAll(async () => {
    const variables = {
      [`${prefix}_SHOP_INCLUDE`]: 'mongo,kafka',
      [`${prefix}_SHOP_SHOW_DETAILS`]: 'always',
      [`${prefix}_REST_EXCLUDE`]: 'kafka,diskSpace',
      [`${prefix}_REST_SHOW_COMPONENTS`]: 'when-authorized',
      [`${prefix}_READINESS_INCLUDE`]: 'readinessState,kafka',
    };
    things = await startThings(credential, { variables });
  });

  afterEach(() => (things.health.kafkaStatus = 'UP'));
  afterAll(() => things.app.close());

  it('is listed', async () => {
    const { json } = await things.get('/actuator/health');
    expect(json['groups']).toEqual(['liveness', 'readiness', 'rest', 'shop']);
  });

  it('is as well as its parts are, and tells as much of them as it may', async () => {
    const up = { status: 'UP', details: { brokers: 1 } };
    const mongo = { status: 'UP', details: { database: 'things' } };
    expect(await things.get('/actuator/health/shop')).toMatchObject({
      status: 200,
      text: JSON.stringify({ status: 'UP', components: { kafka: up, mongo } }),
    });
    expect((await things.get('/actuator/health/shop/kafka')).json).toEqual(up);
    expect((await things.get('/actuator/health/shop', { accept: actuatorV2 })).json).toMatchObject({
      details: { kafka: up },
    });
    expect((await things.get('/actuator/health/rest')).text).toBe('{"status":"UP"}');
    expect((await things.get('/actuator/health/rest', authorized)).json).toMatchObject({ components: { mongo } });
    things.health.kafkaStatus = 'DOWN';
    expect(await things.get('/actuator/health/shop')).toMatchObject({ status: 503, json: { status: 'DOWN' } });
    expect(await things.get('/actuator/health/rest')).toMatchObject({ status: 200 });
  });

  it('may take the place of one for probes', async () => {
    expect((await things.get('/actuator/health/readiness')).json['components']).toEqual({
      kafka: { status: 'UP' },
      readinessState: { status: 'UP' },
    });
    things.health.kafkaStatus = 'DOWN';
    expect(await things.get('/actuator/health/readiness')).toMatchObject({ status: 503, json: { status: 'DOWN' } });
  });
});
