import { Parser } from '@asyncapi/parser';
import { Spectral } from '@stoplight/spectral-core';
import { asyncapi as ruleset } from '@stoplight/spectral-rulesets';
import { asyncApi } from './async-api';

// the parser is large: on a busy machine it needs seconds to begin
jest.setTimeout(30_000);

const document = asyncApi('0.1.0');

async function faultsOf(value: unknown): Promise<string[]> {
  const { diagnostics } = await new Parser().parse(JSON.stringify(value));
  return diagnostics.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the AsyncAPI document', () => {
  it('is accepted by its own parser, without a remark', async () => {
    expect(await faultsOf(document)).toEqual([]);
  });

  it("follows the recommended rules of Spectral's ruleset", async () => {
    const spectral = new Spectral();
    spectral.setRuleset({ ...ruleset, extends: [] });
    const found = await spectral.run(JSON.stringify(document));
    // not among the recommended ones, and the project has no address to name
    const faults = found.filter(({ code }) => code !== 'asyncapi-info-contact-properties');
    expect(faults.map(({ code, path }) => `${code}: ${path.join('.')}`)).toEqual([]);
  });

  it('is not accepted when an operation names a channel that is not there', async () => {
    const { customerChanges: _gone, ...channels } = document.channels;
    expect(await faultsOf({ ...document, channels })).not.toEqual([]);
  });

  it('says who sends and who receives what', () => {
    expect(Object.keys(document.operations)).toEqual([
      'accounts.send.customerChanges',
      'orders.send.fulfillmentRequests',
      'fulfillment.send.orderStatusChanges',
      'orders.receive.customerChanges',
      'fulfillment.receive.fulfillmentRequests',
      'orders.receive.orderStatusChanges',
    ]);
  });

  it('has a message for every event type', () => {
    expect(Object.keys(document.components.messages)).toEqual([
      'customerChanged',
      'customerDeleted',
      'fulfillmentRequested',
      'orderStatusChanged',
    ]);
  });
});
