import { trace } from '@opentelemetry/api';
import { type AggregateDocument, type DocumentId, documentId, idOf, type NativeCollection } from './document';
import { translated } from './mongo-errors';
import { SharedRequests } from './shared-requests';

type Found = AggregateDocument | undefined;

/**
 * Documents of one collection by their ids, as they are after the call; those that are asked for at the same time come with one
 * query. Who asks for the same one then gets the same object: documents are not changed in place.
 */
export class SharedLoads {
  private readonly requests = new SharedRequests<DocumentId, Found>((ids) => this.together(ids));

  constructor(private readonly collection: () => NativeCollection) {}

  /** Throws StoreUnavailable. */
  load(id: string): Promise<Found> {
    const _id = documentId(id);
    // a trace has its own query, not one that it shares with strangers
    const isTraced = trace.getActiveSpan()?.isRecording() === true;
    return translated(() => (isTraced ? this.alone(_id) : this.requests.ask(_id)));
  }

  private async together(ids: readonly DocumentId[]): Promise<Found[]> {
    const [first] = ids;
    if (ids.length === 1 && first !== undefined) return [await this.alone(first)];
    const documents = await this.collection()
      .find({ _id: { $in: [...ids] } })
      .toArray();
    const found = new Map(documents.map((document) => [idOf(document._id), document]));
    return ids.map((id) => found.get(idOf(id)));
  }

  private async alone(_id: DocumentId): Promise<Found> {
    return (await this.collection().findOne({ _id })) ?? undefined;
  }
}
