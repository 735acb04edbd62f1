import { afterEach, describe, expect, it } from 'vitest';
import { type FakeNCALayer, fakeNCALayer } from '@/testing/fakeNCALayer';
import { fromBase64, plainBase64, toBase64 } from './base64';
import { NCALayerSigner, ncalayerVersion } from './ncalayer';
import { SigningError } from './signer';

let program: FakeNCALayer | undefined;
afterEach(async () => {
  await program?.stop();
  program = undefined;
});

const content = new TextEncoder().encode('{"purpose":"sign-in"}');

async function sign(
  behaviour: Parameters<typeof fakeNCALayer>[0],
  signal = new AbortController().signal,
  demo = false,
) {
  program = await fakeNCALayer(behaviour);
  return new NCALayerSigner({ url: program.url, language: 'kk', keys: 'signature', demo }).sign(content, {
    signingTime: true,
    signal,
  });
}

async function failure(work: Promise<unknown>): Promise<SigningError> {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(SigningError);
  return error as SigningError;
}

describe('signing through NCALayer', () => {
  it('asks for a detached CMS over exactly these bytes, in the language of the page', async () => {
    await sign({ signs: ['-----BEGIN CMS-----\nTUlJ\nQg==\n-----END CMS-----\n'] });
    expect(program?.asked).toHaveLength(1);
    expect(program?.asked[0]).toMatchObject({ module: 'kz.gov.pki.knca.basics', method: 'sign' });
    expect(program?.asked[0]?.args).toMatchObject({
      format: 'cms',
      data: toBase64(content),
      locale: 'kk',
      signingParams: { decode: true, encapsulate: false, digested: false },
    });
    expect(program?.asked[0]?.args.signingParams).not.toHaveProperty('tsaProfile');
  });

  it('gives plain base64 whatever the program wraps it in', async () => {
    await expect(sign({ signs: ['-----BEGIN CMS-----\nTUlJ\nQg==\n-----END CMS-----\n'] })).resolves.toBe('TUlJQg==');
    await program?.stop();
    await expect(sign({ signs: 'TUlJQg==' })).resolves.toBe('TUlJQg==');
  });

  it('asks only for keys meant for signing, and in demo mode for any chain', async () => {
    await sign({ signs: 'AAAA' });
    expect(program?.asked[0]?.args.signerParams).toMatchObject({ extKeyUsageOids: ['1.3.6.1.5.5.7.3.4'] });
    await program?.stop();
    await sign({ signs: 'AAAA' }, new AbortController().signal, true);
    expect(program?.asked[0]?.args.signerParams).toMatchObject({ chain: [] });
  });

  it('tells a cancelled signing from a failed one', async () => {
    expect((await failure(sign('cancels'))).code).toBe('cancelled');
    await program?.stop();
    const failed = await failure(sign({ fails: 'no key' }));
    expect(failed.code).toBe('program_error');
    expect(failed.said).toBeTruthy();
  });

  it('does not take an empty answer for a signature', async () => {
    expect((await failure(sign('mumbles'))).code).toBe('program_error');
  });

  it('says that the program is not running', async () => {
    program = await fakeNCALayer('waits');
    const { url } = program;
    await program.stop();
    expect((await failure(ncalayerVersion(url))).code).toBe('program_not_running');
  });

  it('says that the program was closed in the middle', async () => {
    expect((await failure(sign('quits'))).code).toBe('program_lost');
  });

  it('stops waiting when the person stops', async () => {
    const stop = new AbortController();
    const waiting = sign('waits', stop.signal);
    const told = failure(waiting);
    await expect.poll(() => program?.asked.length).toBe(1);
    stop.abort();
    expect((await told).code).toBe('cancelled');
  });

  it('does not even start when stopped before', async () => {
    const stop = new AbortController();
    stop.abort();
    expect((await failure(sign('waits', stop.signal))).code).toBe('cancelled');
    expect(program?.asked).toHaveLength(0);
  });

  it('does not open the program when stopped while what speaks to it is being loaded', async () => {
    program = await fakeNCALayer('waits');
    const stop = new AbortController();
    const { url } = program;
    const signer = new NCALayerSigner({ url, language: 'kk', keys: 'signature', demo: false });
    const told = failure(signer.sign(content, { signingTime: true, signal: stop.signal }));
    stop.abort();
    expect((await told).code).toBe('cancelled');
    expect(program.asked).toHaveLength(0);
  });

  it('asks for the version', async () => {
    program = await fakeNCALayer('waits');
    await expect(ncalayerVersion(program.url)).resolves.toBe('1.4');
  });
});

describe('base64', () => {
  it('goes there and back, for long content too', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, n) => n % 256);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  });

  it('takes the wrapping off', () => {
    expect(plainBase64('-----BEGIN PKCS7-----\r\nAA\r\nBB\r\n-----END PKCS7-----')).toBe('AABB');
  });
});
