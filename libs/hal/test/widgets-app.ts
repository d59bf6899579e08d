import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { answerFailure, HalModule, restConventions, type Conventions } from '../src';
import { widgetControllers } from './widgets';

export type Method = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export const json = { 'content-type': 'application/json' };
export const any = { ...json, accept: '*/*' };
export const problems = { ...json, accept: 'application/problem+json' };
export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  json: unknown;
}

/** A small service of widgets under all conventions, asked without a network. */
export class WidgetsApp {
  private constructor(private readonly app: NestFastifyApplication) {}

  static async create(conventions: Conventions = {}): Promise<WidgetsApp> {
    const adapter = new FastifyAdapter({
      bodyLimit: 1000,
      frameworkErrors: answerFailure,
      routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    });
    restConventions(adapter.getInstance(), conventions);
    const root = { module: WidgetsModule, imports: [HalModule.forRoot()], controllers: widgetControllers };
    const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: false, bodyParser: false });
    return new WidgetsApp(await app.init());
  }

  close(): Promise<void> {
    return this.app.close();
  }

  async ask(method: Method, url: string, headers: Record<string, string> = {}, body?: unknown): Promise<Answer> {
    const payload = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const answer = await this.app.inject({
      method,
      url,
      headers: { host: 'h', ...headers },
      ...(payload !== undefined && { payload }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, json: parsed(answer.body) };
  }
}

class WidgetsModule {}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
