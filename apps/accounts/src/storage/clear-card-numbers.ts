import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type AggregateDocument, isStoreTrouble, type NativeCollection, storedFrom } from '@storefront/messaging';
import type { CardVault } from '../domain/card-vault';
import { type CustomerDocument, toCustomer, toDocument } from './customer-document';

const retryMs = 5_000;
const batchSize = 100;
/** Customers with a card that has a member which no card has since numbers are kept otherwise. */
const inClear = { 'creditCards.number': { $exists: true } };
/** Customers with a card that is sealed with another key than this one. */
const sealedOtherwise = (keyId: string) => ({
  creditCards: { $elemMatch: { sealed: { $exists: true, $not: { $regex: `^${escaped(keyId)}:` } } } },
});
const projection = { version: 1, recentEventIds: 1, creditCards: 1 } as const;

/**
 * Converts, once the service has started, the card numbers that stand in clear in documents of an original service or of an earlier
 * version, and seals anew with the newest key what an older one has sealed. It reads 100 customers at a time, changes nothing else of them, neither version nor events, and skips customers
 * that are written meanwhile, since that write converts them. What it has not reached when the service stops is converted
 * after the next start; until then numbers are masked when read.
 */
@Injectable()
export class ClearCardNumbers implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('CardNumbers');
  private readonly stopped = new AbortController();
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly collection: () => NativeCollection,
    private readonly vault: CardVault,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.vault.hasKey) {
      this.logger.warn('no CARD_NUMBERS_KEY: of card numbers only the last four digits and the brand are kept');
    }
    void this.start();
  }

  onApplicationShutdown(): void {
    this.stopped.abort();
    clearTimeout(this.retry);
  }

  /** Returns how many customers were converted. Throws what the store throws. */
  async convert(): Promise<number> {
    const { sealingKeyId } = this.vault;
    const sealed = sealingKeyId === undefined ? 0 : await this.convertAll(sealedOtherwise(sealingKeyId));
    return sealed + (await this.convertAll(inClear));
  }

  private async convertAll(filter: object): Promise<number> {
    let converted = 0;
    const found = this.collection().find<AggregateDocument & CustomerDocument>(filter, { projection, batchSize });
    for await (const document of found) {
      if (this.stopped.signal.aborted) break;
      converted += await this.convertOne(document);
    }
    return converted;
  }

  private async start(): Promise<void> {
    try {
      const converted = await this.convert();
      if (converted > 0)
        this.logger.log(
          `converted the card numbers of ${converted} customers, which were in clear or sealed with an older key`,
        );
    } catch (error) {
      if (this.stopped.signal.aborted) return;
      if (!isStoreTrouble(error)) this.logger.error('converting card numbers failed', error);
      this.retry = setTimeout(() => void this.start(), retryMs).unref();
    }
  }

  private async convertOne(document: AggregateDocument & CustomerDocument): Promise<number> {
    const { _id, version, recentEventIds, creditCards } = document;
    const unchanged = { _id, version: version ?? null, creditCards, ...lastWrite(recentEventIds) };
    const customer = toCustomer(storedFrom<CustomerDocument>(document), this.vault);
    const { matchedCount } = await this.collection().updateOne(
      unchanged as Record<string, unknown>,
      { $set: { creditCards: toDocument(customer).creditCards } },
      { writeConcern: { w: 'majority', journal: true } },
    );
    return matchedCount;
  }
}

function escaped(text: string): string {
  return text.replace(/[.-]/g, '\\$&');
}

/** After a failover another write may have the same version, in place of one that was rolled back. */
function lastWrite(recentEventIds: readonly string[] | undefined): object {
  const id = recentEventIds?.at(-1);
  return id === undefined ? {} : { recentEventIds: id };
}
