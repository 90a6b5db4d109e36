/** What Rails writes first: the Integer 128. One character a byte. */
export const SIGNATURE = '\u00cc\u0080'

/** {@link SIGNATURE} as an Integer, which Rails reads in any form. */
export const SIGNATURE_INTEGER = 128
