import { type RecordedService, recordedHosts } from './recording';

const id = /[0-9a-f]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Which of our ids stands for which recorded one: learned where both are at the same place of two answers. */
export class Identities {
  private readonly ours = new Map<string, string>();

  constructor(private readonly urls: Readonly<Record<RecordedService, string>>) {}

  /** From two JSON values of the same kind. */
  learnFrom(recorded: unknown, ours: unknown): void {
    if (typeof recorded === 'string' && typeof ours === 'string') return this.learn(recorded, ours);
    if (!isObject(recorded) || !isObject(ours)) return;
    for (const [name, value] of Object.entries(recorded)) this.learnFrom(value, ours[name]);
  }

  /** The first pair counts: an id a client chose is the same here and there. */
  learn(recorded: string, ours: string): void {
    const theirIds = recorded.match(id) ?? [];
    const ourIds = ours.match(id) ?? [];
    if (theirIds.length !== ourIds.length) return;
    for (const [index, theirs] of theirIds.entries()) {
      if (!this.ours.has(theirs)) this.ours.set(theirs, ourIds[index] ?? theirs);
    }
  }

  /** A recorded text with our hosts and ids. */
  translate(text: string): string {
    const hosts = Object.entries(recordedHosts) as [RecordedService, string][];
    const moved = hosts.reduce((moving, [service, host]) => moving.replaceAll(host, this.urls[service]), text);
    return moved.replace(id, (theirs) => this.ours.get(theirs) ?? theirs);
  }
}

/** An array too: its members are its elements. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
