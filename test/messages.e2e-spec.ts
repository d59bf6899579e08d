import { ourMessages } from './messages/ours';
import { theirMessages } from './messages/theirs';
import { Storefront } from './system/storefront';

let storefront: Storefront;

beforeAll(async () => {
  storefront = await Storefront.start();
});
afterAll(() => storefront?.stop());

describe('what is on the topics after the script', () => ourMessages(() => storefront));

describe('messages of the original services', () => theirMessages(() => storefront));
