import { Ketting, type Resource } from 'ketting';
import { eventually } from './eventually';

/** A customer as Orders shows him. */
interface CustomerOrders {
  name: { lastName: string };
  contact: { email: string };
}

/** A HAL client that knows one URL, the gateway's; everything else it finds by links. */
export class LinkClient {
  readonly root: Resource;

  constructor(url: string) {
    this.root = new Ketting(url).go('/');
  }

  /** What an item links to now besides itself. */
  async offers(item: Resource): Promise<string[]> {
    const { links } = await item.refresh();
    const itself = links.get('self')?.href;
    return links
      .getAll()
      .filter(({ href }) => href !== itself)
      .map(({ rel }) => rel);
  }

  /** Sends a command along its link, which has to be there, and looks at the item again. */
  async command(item: Resource, rel: string, data: object): Promise<void> {
    await (await item.follow(rel)).post({ data });
    await item.refresh();
  }

  /** The item of a collection that is looked for, on whichever page it will be. */
  found(collection: string, isIt: (data: CustomerOrders) => boolean): Promise<Resource> {
    return eventually(
      () => this.find(collection, isIt),
      (item) => item !== undefined,
    ) as Promise<Resource>;
  }

  private async find(collection: string, isIt: (data: CustomerOrders) => boolean): Promise<Resource | undefined> {
    let page: Resource | undefined = await this.root.follow(collection, { size: 2 });
    while (page) {
      const state = await page.refresh();
      const item = state.getEmbedded().find(({ data }) => isIt(data as CustomerOrders));
      if (item) return state.client.go(item.uri);
      page = state.links.has('next') ? state.follow('next') : undefined;
    }
    return undefined;
  }
}
