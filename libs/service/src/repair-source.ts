export interface RepublishRequest {
  topic: string;
  ids?: readonly string[];
  /** Epoch ms. */
  changedSince?: number;
  aboveVersion?: number;
  raise?: boolean;
  above?: Readonly<Record<string, number>>;
  /** Aggregates a second. */
  rate: number;
}

/** What the repair endpoints ask. Structural: whoever knows the parts need not know this library. */
export interface RepairSource {
  overview(): Promise<object>;
  page(topic: string, request: { after?: string; size: number }): Promise<object>;
  of(topic: string, ids: readonly string[]): Promise<object>;
  republish(request: RepublishRequest): Promise<object>;
  jobs(): Promise<object>;
  job(id: string): Promise<object>;
  cancel(id: string): Promise<object>;
}

export const REPAIR_SOURCE = Symbol('REPAIR_SOURCE');
