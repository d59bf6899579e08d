import { BadRequestException, NotFoundException } from '@nestjs/common';
import { publicPaths } from './public-endpoints';

const notAUrl = 'The path is not a valid URL.';

/**
 * The path at the service for a URL of the gateway: without the prefix, escapes as they came, no duplicate slashes. Of the
 * management endpoints only the public ones exist here, however the path is written.
 */
export function servicePath(url: string): string {
  const path = url.split('?')[0] ?? '';
  // a URL parser takes it for a slash, and what comes after two of them for a host
  if (path.includes('\\')) throw new BadRequestException(notAUrl);
  const stripped = path.replace(/^\/*[^/]*/, '').replace(/\/{2,}/g, '/') || '/';
  if (stepsUp(stripped))
    throw new BadRequestException('The path must not have a segment that begins or ends with two dots.');
  if (isGuarded(resolved(stripped))) throw new NotFoundException('There is no such endpoint here.');
  return stripped;
}

/** What the forwarder would refuse as a fault of ours. */
function stepsUp(path: string): boolean {
  return /(^|\/)\.\.|\.\.\//.test(readable(() => decodeURIComponent(path)));
}

/** As the service will understand it: dots resolved, escapes decoded. */
function resolved(path: string): string {
  return readable(() => decodeURIComponent(new URL(path, 'http://service').pathname)).replace(/\/{2,}/g, '/');
}

function readable(read: () => string): string {
  try {
    return read();
  } catch {
    throw new BadRequestException(notAUrl);
  }
}

function isGuarded(path: string): boolean {
  const isManagement = path.split('/')[1]?.toLowerCase() === 'actuator';
  return isManagement && !publicPaths.has(path);
}
