declare module 'lz4js' {
  export function decompress(source: Uint8Array): Uint8Array;
}
declare module 'snappyjs' {
  export function uncompress(source: Uint8Array, maxLength?: number): Uint8Array;
}
