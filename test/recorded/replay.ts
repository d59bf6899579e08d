import { request } from 'node:http';
import { Identities } from './identities';
import { type Answered, isOfSampleRun, type Recording, type RecordedService } from './recording';
import { differences } from './comparison';

/** Sends recorded requests to our services and says what is not as it was recorded. */
export class Replay {
  private readonly identities: Identities;

  /** `authorization` goes to the management endpoints: the originals asked for none. */
  constructor(
    private readonly urls: Readonly<Record<RecordedService, string>>,
    private readonly authorization: string,
  ) {
    this.identities = new Identities(urls);
  }

  async differences(service: RecordedService, recording: Recording): Promise<string[]> {
    const ours = await this.send(service, recording.request);
    this.learn(recording, ours);
    return differences(recording.response, ours, this.identities);
  }

  private learn(recording: Recording, ours: Answered): void {
    const recorded = recording.response;
    this.identities.learn(recorded.headers['location'] ?? '', ours.headers['location'] ?? '');
    // later on there may be other documents at the same places
    if (isOfSampleRun(recording)) this.identities.learnFrom(parsed(recorded.body), parsed(ours.body));
  }

  private async send(service: RecordedService, { method, path, headers = {}, body }: Recording['request']) {
    const target = new URL(this.urls[service]);
    const sent = {
      accept: '*/*',
      ...(body && { 'content-type': formType }),
      ...(path.startsWith('/actuator') && { authorization: this.authorization }),
      ...lowerCased(headers),
    };
    const present = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
    const payload = body ? Buffer.from(this.identities.translate(body)) : undefined;
    return new Promise<Answered>((resolve, reject) => {
      const outgoing = request({
        hostname: target.hostname,
        port: target.port,
        method,
        path: this.identities.translate(path),
        headers: { ...present, ...(payload && { 'content-length': payload.length }) },
      });
      outgoing.once('error', reject).once('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
        answer.once('end', () => {
          resolve({
            status: answer.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(answer.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
            ),
            body: Buffer.concat(chunks).toString(),
          });
        });
      });
      outgoing.end(payload);
    });
  }
}

/** What curl says of a body when it was told nothing else. */
const formType = 'application/x-www-form-urlencoded';

function parsed(body: string | null): unknown {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
