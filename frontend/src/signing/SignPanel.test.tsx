import { screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/problem';
import { type FakeNCALayer, fakeNCALayer } from '@/testing/fakeNCALayer';
import { applicant, renderPart } from '@/testing/renderApp';
import { problem, type Reply } from '@/testing/server';
import { SignPanel } from './SignPanel';

let program: FakeNCALayer | undefined;
afterEach(async () => {
  await program?.stop();
  program = undefined;
});

const document = { content: btoa('manifest'), digest: 'ab', files: [{ name: 'request.pdf', size: 2048 }] };

async function open(
  behaviour: Parameters<typeof fakeNCALayer>[0],
  send: (cms: string, doc: typeof document) => Promise<unknown>,
  told: (settings: Reply) => Reply | Promise<Reply> = (settings) => settings,
) {
  program = await fakeNCALayer(behaviour);
  const settings = { body: { demo: false, portalUrl: 'http://localhost', ncalayerUrl: program.url } };
  const prepare = vi.fn(async () => document);
  const opened = await renderPart(<SignPanel prepare={prepare} send={send} kept="Решение и документ на месте." />, {
    session: applicant,
    fixtures: { 'GET /api/config': () => told(settings) },
  });
  return { ...opened, prepare };
}

const press = () => screen.findByRole('button', { name: 'Подписать через NCALayer' });

const ways = async () => {
  await press();
  return screen.getAllByRole('heading', { name: /^(NCALayer|Файл ключа)$/ }).map((heading) => heading.textContent);
};

describe('SignPanel', () => {
  it('leads with the program on a computer, and with the key file on a phone, which has no such program', async () => {
    const { unmount } = await open('waits', vi.fn());
    expect(await ways()).toEqual(['NCALayer', 'Файл ключа']);
    expect(screen.queryByText(/работает только на\sкомпьютере/)).not.toBeInTheDocument();
    unmount();
    const plain = window.matchMedia;
    vi.stubGlobal('matchMedia', (query: string) => ({ ...plain(query), matches: query.includes('coarse') }));
    await program?.stop();
    await open('waits', vi.fn());
    expect(await ways()).toEqual(['Файл ключа', 'NCALayer']);
    expect(screen.getByText(/работает только на\sкомпьютере/)).toBeVisible();
  });

  it('prepares, signs and sends, naming each step', async () => {
    const send = vi.fn(() => new Promise(() => {}));
    const { user, prepare } = await open({ signs: 'TUlJQg==' }, send);
    await user.click(await press());
    expect(await screen.findByText('Подпись получена')).toBeInTheDocument();
    expect(screen.getByText('Проверка подписи и ключа')).toBeInTheDocument();
    expect(prepare).toHaveBeenCalledOnce();
    expect(send).toHaveBeenCalledWith('TUlJQg==', document);
    // The signature is on its way: there is nothing left to stop.
    expect(screen.queryByRole('button', { name: 'Отменить подписание' })).not.toBeInTheDocument();
  });

  it('puts the focus on the steps, because the pressed button is gone', async () => {
    const { user } = await open('waits', vi.fn());
    await user.click(await press());
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Подписываем' })).toHaveFocus());
  });

  it('can be stopped while the program waits, and tried again', async () => {
    const send = vi.fn();
    const { user, prepare } = await open('waits', send);
    await user.click(await press());
    await screen.findByText('Ждём подпись из NCALayer');
    await user.click(screen.getByRole('button', { name: 'Отменить подписание' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Подписание отменено');
    expect(send).not.toHaveBeenCalled();
    await user.click(await press());
    await screen.findByText('Ждём подпись из NCALayer');
    // The bytes are asked for anew: a changed document is never signed by its old ones.
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it('can be stopped while it is being prepared, and while the address of the program is being learnt', async () => {
    const send = vi.fn();
    const { user, prepare } = await open('waits', send, () => new Promise<Reply>(() => {}));
    prepare.mockReturnValueOnce(new Promise(() => {}));
    for (const step of ['Подготовка документа к подписи', 'Ждём подпись из NCALayer']) {
      await user.click(await press());
      await screen.findByText((text) => text.replace('\u00a0', ' ') === step, { selector: 'b' });
      await user.click(screen.getByRole('button', { name: 'Отменить подписание' }));
      expect(await screen.findByRole('alert')).toHaveTextContent('Подписание отменено');
    }
    expect(program?.asked).toHaveLength(0);
    expect(send).not.toHaveBeenCalled();
  });

  it('waits for the address of the program when the press comes before it', async () => {
    const send = vi.fn(async () => {});
    let tell = () => {};
    const line = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const { user } = await open({ signs: 'TUlJQg==' }, send, (settings) => line.then(() => settings));
    await user.click(await press());
    await screen.findByText('Ждём подпись из NCALayer');
    tell();
    await waitFor(() => expect(send).toHaveBeenCalledOnce());
  });

  it('says so when the address of the program cannot be learnt', async () => {
    const { user } = await open({ signs: 'TUlJQg==' }, vi.fn(), () => ({
      status: 503,
      body: problem('unavailable', 503),
    }));
    await user.click(await press());
    expect(await screen.findByRole('alert')).toHaveTextContent('Служба временно недоступна');
  });

  it('shows why the server refused, whose key it was and what is kept', async () => {
    const refuse = async () => {
      throw new ApiError({
        code: 'signer_not_applicant',
        status: 422,
        params: {
          signer: 'ТЕСТТОВ ТЕСТТ',
          needed: 'entity',
          validUntil: '2027-02-03T18:59:59Z',
          checks: [
            { rule: 'RFC 5652 §5.4', outcome: 'passed' },
            { rule: 'R10.3', outcome: 'failed' },
            { rule: 'X', outcome: 'nonsense' as 'failed' },
          ],
        },
      });
    };
    const { user } = await open({ signs: 'TUlJQg==' }, refuse);
    await user.click(await press());
    expect(await screen.findByRole('alert')).toHaveTextContent('Подпись не принята: нужен другой ключ');
    expect(screen.getByText('ТЕСТТОВ ТЕСТТ')).toBeInTheDocument();
    expect(screen.getByText('ключ юридического лица, от имени которого подаётся заявление')).toBeInTheDocument();
    expect(screen.getByText('Решение и документ на месте.')).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Что сделать сейчас' })).toBeInTheDocument();
    expect(screen.getByText('Подпишите им ещё раз.')).toBeInTheDocument();
    expect(screen.getByText('Проверено')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Как получить ЭЦП' })).toHaveAttribute('href', '/help#eds');
    expect(screen.getByText('RFC 5652 §5.4: выполнено')).toBeInTheDocument();
    expect(screen.getByText('R10.3: не выполнено')).toBeInTheDocument();
    expect(screen.queryByText(/nonsense|^X/)).not.toBeInTheDocument();
    expect(await press()).toBeVisible();
  });

  it.each([
    ['certificate_auth_only', 'Выбран ключ для аутентификации'],
    ['certificate_expired', 'Срок действия ключа истёк'],
    ['certificate_revoked', 'Ключ отозван'],
    ['certificate_untrusted', 'Ключ выдан неизвестным удостоверяющим центром'],
    ['signature_content_differs', 'Подписан другой текст'],
    ['revocation_unavailable', 'Проверить ключ сейчас не удалось'],
  ] as const)('has its own words for %s', async (code, words) => {
    const { user } = await open({ signs: 'TUlJQg==' }, async () => {
      throw new ApiError({ code, status: 422 });
    });
    await user.click(await press());
    const said = await screen.findByRole('alert');
    expect(said).toHaveTextContent(words);
    // A head who signs a decision has no draft and no answers: what is kept is said by the page, not here.
    expect(said).not.toHaveTextContent(/черновик|ответы|заявлени[ея] (сохран|измен)/i);
  });

  it('says that the chosen file can no longer be read, and goes on with it when it can', async () => {
    const { user, prepare } = await open('waits', vi.fn());
    const file = new File([new Uint8Array([1])], 'GOST512_test.p12');
    const read = vi.spyOn(file, 'arrayBuffer').mockRejectedValueOnce(new DOMException('gone', 'NotFoundError'));
    const field = await screen.findByLabelText(/Файл с ключом/);
    await user.upload(field, file);
    await user.type(screen.getByLabelText('Пароль от файла'), 'Qwerty12');
    await user.click(screen.getByRole('button', { name: 'Подписать файлом ключа' }));
    expect(await screen.findByText(/Этот файл больше не читается/)).toBeVisible();
    expect(field).toBeInvalid();
    expect(prepare).not.toHaveBeenCalled();
    read.mockResolvedValue(new ArrayBuffer(1));
    await user.click(screen.getByRole('button', { name: 'Подписать файлом ключа' }));
    await waitFor(() => expect(prepare).toHaveBeenCalledOnce());
    expect(screen.queryByText(/Этот файл больше не читается/)).toBeNull();
  });

  it('keeps the chosen file and its password after a failure', async () => {
    const { user } = await open('waits', vi.fn());
    const file = new File([new Uint8Array([1])], 'GOST512_test.p12');
    await user.upload(await screen.findByLabelText(/Файл с ключом/), file);
    await user.type(screen.getByLabelText('Пароль от файла'), 'Qwerty12');
    await user.click(await press());
    await user.click(await screen.findByRole('button', { name: 'Отменить подписание' }));
    expect(await screen.findByText('GOST512_test.p12')).toBeVisible();
    expect(screen.getByLabelText('Пароль от файла')).toHaveValue('Qwerty12');
  });

  it('names what is missing before a key file is opened', async () => {
    const { user, prepare } = await open('waits', vi.fn());
    await user.click(await screen.findByRole('button', { name: 'Подписать файлом ключа' }));
    expect(screen.getByText('Выберите файл с ключом')).toBeInTheDocument();
    expect(screen.getByLabelText('Пароль от файла')).toHaveAccessibleDescription('Введите пароль от файла');
    expect(prepare).not.toHaveBeenCalled();
  });

  it('offers no demo keys outside demo mode', async () => {
    await open('waits', vi.fn());
    await press();
    expect(screen.queryByText(/Демонстрация/)).not.toBeInTheDocument();
  });
});
