export { canonicalId, canonicalPath } from './canonical-id';
export { halfCharacterIn, invalidUtf8In, type TextPath, withoutByteOrderMark } from './json-texts';
export { isMet, type Precondition } from './precondition';
