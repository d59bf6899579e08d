import { Malformed } from './cursor';

/** Copying by a loop is faster for so few bytes. */
const SHORT = 24;

/** Copies literals; both ranges must have been checked to be inside their buffers. Returns where the output goes on. */
export function copyLiterals(source: Buffer, from: number, output: Output): number {
  const { bytes, at, length } = output;
  if (length > SHORT) source.copy(bytes, at, from, from + length);
  else for (let index = 0; index < length; index++) bytes[at + index] = source[from + index] ?? 0;
  return at + length;
}

/** Repeats what stands `distance` bytes before the end of the output, which may overlap what it writes. */
export function copyMatch({ bytes, at, length }: Output, distance: number): number {
  if (distance <= 0 || distance > at) throw new Malformed('it refers to bytes before its beginning');
  const end = at + length;
  if (length <= SHORT) {
    for (let index = at; index < end; index++) bytes[index] = bytes[index - distance] ?? 0;
    return end;
  }
  // what is copied doubles what can be copied next
  for (let done = at; done < end;) {
    const step = Math.min(done - (at - distance), end - done);
    bytes.copyWithin(done, at - distance, at - distance + step);
    done += step;
  }
  return end;
}

/** Where `length` bytes are written. */
export interface Output {
  readonly bytes: Buffer;
  readonly at: number;
  readonly length: number;
}
