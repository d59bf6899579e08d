import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { mongo } from 'mongoose';

const { BSON, Binary } = mongo;
const OP_MSG = 2013;
const ITERATIONS = 4_096;

type Reply = Readonly<Record<string, unknown>>;

/** What a connection has said so far on its way in (RFC 5802). */
interface Conversation {
  readonly user: string;
  readonly clientFirst: string;
  readonly serverFirst: string;
  readonly salt: Buffer;
}

/** Stands before a store that asks nobody who they are, and lets in who knows a user's password: SCRAM-SHA-256, one message a time. */
export class ScramDoor {
  /** By name. Taken away or changed, connections that are in stay in, as with MongoDB. */
  readonly passwords = new Map<string, string>();
  /** Who was let in, in that order. */
  readonly entered: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly store: URL,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async before(uri: string): Promise<ScramDoor> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ScramDoor(server, new URL(uri.replace('mongodb:', 'http:')));
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends every connection, as a store that restarts. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private accept(client: Socket): void {
    const store = connect(Number(this.store.port), this.store.hostname);
    const guard = new Guard(this.passwords, (user) => this.entered.push(user));
    let rest = Buffer.alloc(0);
    client.on('data', (data: Buffer) => {
      rest = Buffer.concat([rest, data]);
      while (rest.length >= 16 && rest.length >= rest.readInt32LE(0)) {
        const message = rest.subarray(0, rest.readInt32LE(0));
        rest = rest.subarray(message.length);
        const reply = guard.answer(message);
        if (reply) client.write(framed(message, reply));
        else store.write(message);
      }
    });
    store.pipe(client);
    for (const [one, other] of [
      [client, store],
      [store, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        this.sockets.delete(one);
      });
    }
  }
}

/** Of one connection. */
class Guard {
  private conversation: Conversation | undefined;
  private isIn = false;

  constructor(
    private readonly passwords: ReadonlyMap<string, string>,
    private readonly onEntry: (user: string) => void,
  ) {}

  /** Undefined: the store answers. */
  answer(message: Buffer): Reply | undefined {
    // the first hello of a driver is older than OP_MSG
    if (message.readInt32LE(12) !== OP_MSG) return undefined;
    const command = BSON.deserialize(message.subarray(21)) as Record<string, unknown>;
    const [name = ''] = Object.keys(command);
    if (name === 'saslStart') return this.start(textOf(command['payload']));
    if (name === 'saslContinue') return this.finish(textOf(command['payload']));
    if (this.isIn || /^(hello|ismaster)$/i.test(name)) return undefined;
    return { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: `command ${name} requires authentication` };
  }

  private start(payload: string): Reply {
    const clientFirst = payload.replace(/^n,,/, '');
    const [, user = '', nonce = ''] = /^n=([^,]*),r=(.*)$/.exec(clientFirst) ?? [];
    const salt = randomBytes(16);
    const serverFirst = `r=${nonce}${randomBytes(12).toString('base64')},s=${salt.toString('base64')},i=${ITERATIONS}`;
    this.conversation = { user, clientFirst, serverFirst, salt };
    return answered(serverFirst, false);
  }

  private finish(payload: string): Reply {
    const { user = '', clientFirst, serverFirst, salt = Buffer.alloc(0) } = this.conversation ?? {};
    const [, withoutProof = '', proof = ''] = /^(.*),p=(.*)$/.exec(payload) ?? [];
    const salted = pbkdf2Sync(this.passwords.get(user) ?? randomBytes(8), salt, ITERATIONS, 32, 'sha256');
    const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
    const said = [clientFirst, serverFirst, withoutProof].join(',');
    const signature = hmac(storedKey, said);
    const clientKey = Buffer.from(proof, 'base64').map((byte, index) => byte ^ (signature[index] ?? 0));
    if (!timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey)) {
      return { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.' };
    }
    this.isIn = true;
    this.onEntry(user);
    return answered(`v=${hmac(hmac(salted, 'Server Key'), said).toString('base64')}`, true);
  }
}

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

function textOf(payload: unknown): string {
  return payload instanceof Binary ? Buffer.from(payload.buffer).toString() : '';
}

function answered(payload: string, done: boolean): Reply {
  return { conversationId: 1, done, payload: new Binary(Buffer.from(payload)), ok: 1 };
}

function framed(request: Buffer, reply: Reply): Buffer {
  const body = BSON.serialize(reply);
  const header = Buffer.alloc(21);
  header.writeInt32LE(header.length + body.length, 0);
  header.writeInt32LE(request.readInt32LE(4), 8);
  header.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([header, body]);
}
