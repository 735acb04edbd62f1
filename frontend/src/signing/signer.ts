/**
 * Why a signature was not made on this side. The server's own refusals of a finished signature are ApiErrors. Each code has a text in
 * three languages (signing.json, `failure.<code>`).
 */
export type SigningFailureCode =
  | 'program_not_running'
  | 'program_lost'
  | 'program_error'
  | 'cancelled'
  | 'wrong_password'
  | 'key_file_unreadable'
  | 'key_file_unsupported'
  | 'no_signing_key'
  | 'signer_not_loaded';

export class SigningError extends Error {
  readonly code: SigningFailureCode;
  /** What the program itself said; shown as it is, in small print. */
  readonly said: string | undefined;
  constructor(code: SigningFailureCode, said?: string) {
    super(code);
    this.name = 'SigningError';
    this.code = code;
    this.said = said;
  }
}

export type SignOptions = {
  /** Whether the CMS may carry the signing-time attribute (never in PAdES; contract, DocumentToSign.signingTime). */
  signingTime: boolean;
  signal: AbortSignal;
};

/** Makes a detached CMS over the bytes, base64. The key stays where it is: in the national program or in this page. */
export interface Signer {
  sign(content: Uint8Array, options: SignOptions): Promise<string>;
}

export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new SigningError('cancelled');
}
