export { registerCodecs } from './codecs';
