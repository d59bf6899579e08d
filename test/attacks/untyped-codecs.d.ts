declare module 'lz4js' {
  export function decompress(bytes: Uint8Array): Uint8Array;
}
declare module 'snappyjs' {
  export function uncompress(bytes: Uint8Array): Uint8Array;
}
