/** Bytes to base64 and back, for the contract's `format: byte`. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // In pieces: a call with a million arguments overflows the stack.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

/** NCALayer gives a CMS as PEM or as plain base64; both become one line of base64. */
export function plainBase64(cms: string): string {
  return cms.replace(/-----(BEGIN|END) [A-Z0-9 ]+-----/g, '').replace(/\s+/g, '');
}
