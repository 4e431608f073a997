/**
 * What a reference is made of (crockford.com/base32), in the order of a keyboard: no I, L, O or U, so nothing that was printed
 * can be mistaken for another.
 */
export const referenceFigures = '1234567890';
export const referenceLetters = 'ABCDEFGHJKMNPQRSTVWXYZ';

/** A reference has this many characters, and a dash in their middle. */
export const referenceLength = 8;
const half = referenceLength / 2;

/** Add a character, unless the reference is complete. */
export function typeCharacter(typed: string, character: string): string {
  return typed.length < referenceLength ? typed + character : typed;
}

/** What has been typed so far, as it is printed: "K7Q4-019". */
export function writeReference(typed: string): string {
  return typed.length <= half ? typed : `${typed.slice(0, half)}-${typed.slice(half)}`;
}

/** The characters of a reference as it is printed: "K7Q4-0193" is K7Q40193. */
export function typedReference(reference: string): string {
  return reference.replace('-', '');
}
