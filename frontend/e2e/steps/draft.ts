import { expect, type Page } from '@playwright/test';
import { heading, type Kind, scan } from './form';
import { signIn } from './people';
import { confirmAll, signWithFile } from './sign';

const address = {
  postcode: '150000',
  oblast: 'Северо-Казахстанская область',
  city: 'Петропавловск',
  street: 'улица Тестовая',
  house: '1',
};

const common = {
  licensor: '13',
  email: 'test@example.kz',
  phone: '+77150000001',
  subActivities: ['PHC-GP'],
  paperCopy: false,
  sites: [address],
  premises: [
    {
      right: 'leased',
      cadastral: '15-234-000-001',
      location: 'г. Петропавловск, ул. Тестовая, 1',
      leaseNumber: '12',
      leaseDate: '2026-01-12',
    },
  ],
  equipmentAsOf: '2026-03-20',
  equipment: [
    { name: 'Тонометр «Үлгі»', country: 'Қазақстан', unit: 'шт.', quantity: 2, year: 2024, condition: 'working' },
  ],
  education: [
    {
      speciality: 'Общая медицина',
      qualification: 'Врач',
      number: '0012345',
      institution: 'Қарағанды медицина университеті',
      yearIn: 2005,
      yearOut: 2011,
    },
  ],
  training: [
    {
      number: '77',
      course: 'Общая врачебная практика',
      institution: 'Учебный центр «Сынақ»',
      start: '2024-02-01',
      end: '2024-03-01',
      hours: 108,
    },
  ],
  certificates: [{ speciality: 'Общая врачебная практика', issuer: 'Комитет', number: 'KZ-1', issued: '2023-05-10' }],
};

const own: Record<Kind, object> = {
  person: doctor(),
  'sole-trader': doctor(),
  entity: {
    legalAddress: address,
    staffAsOf: '2026-03-20',
    staff: [
      {
        name: 'Тестова Әлия Тестқызы',
        position: 'Врач общей практики',
        education: 'Высшее медицинское',
        experience: 7.5,
      },
    ],
  },
};

function doctor(): object {
  const post = { location: 'Петропавловск', position: 'Врач общей практики' };
  return {
    homeAddress: address,
    experience: [{ organisation: 'Городская поликлиника № 1', ...post, hired: '2015-01-12', dismissed: '2023-01-13' }],
  };
}

/** Where the scan goes: the slot that a kind of applicant has to fill; a natural person has none, and attaches the title to his premises. */
const slots: Record<Kind, string> = {
  person: 'premisesTitle',
  'sole-trader': 'soleTraderRegistration',
  entity: 'entityRegistration',
};

/**
 * A draft filled in beforehand, as by somebody who comes back to it: the page's own session writes what the form would. For stories that
 * are about what comes after the form.
 */
export async function prepareDraft(page: Page, kind: Kind): Promise<string> {
  const { buffer, name } = scan();
  const id = await page.evaluate(writeDraft, {
    applicantKind: kind === 'sole-trader' ? 'sole_trader' : kind,
    answers: { ...common, ...own[kind] },
    slot: slots[kind],
    scan: { name, base64: buffer.toString('base64') },
  });
  await page.goto(`/applications/${id}/review`);
  await expect(heading(page, 'Проверьте ответы и подпишите')).toBeVisible();
  return id;
}

/** Somebody's prepared draft, signed with his key file: the page asks for the fee. */
export async function signPrepared(page: Page, who: 'person' | 'sole-trader'): Promise<void> {
  await signIn(page, who);
  await prepareDraft(page, who);
  await confirmAll(page);
  await signWithFile(page, who);
  await expect(heading(page, 'Оплатите сбор за лицензию')).toBeVisible();
}

type Wanted = {
  applicantKind: string;
  answers: object;
  slot: string;
  scan: { name: string; base64: string };
};

// Runs inside the page.
async function writeDraft({ applicantKind, answers, slot, scan: file }: Wanted): Promise<string> {
  const ask = async (method: string, address: string, headers: Record<string, string>, body?: BodyInit) => {
    const answer = await fetch(address, { method, headers, ...(body && { body }) });
    if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const json = { 'Content-Type': 'application/json' };
  const wanted = JSON.stringify({ service: 'medical-activity', kind: 'licence', applicantKind });
  const begun = await (
    await ask('POST', '/api/applications', { ...json, 'Idempotency-Key': crypto.randomUUID() }, wanted)
  ).json();
  await ask(
    'PUT',
    `/api/applications/${begun.id}/answers`,
    json,
    JSON.stringify({ revision: begun.revision, answers }),
  );
  const bytes = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0));
  const text = (words: string) => btoa(String.fromCharCode(...new TextEncoder().encode(words)));
  const tus = { 'Tus-Resumable': '1.0.0' };
  const upload = await ask('POST', `/api/applications/${begun.id}/uploads`, {
    ...tus,
    'Upload-Length': String(bytes.length),
    'Upload-Metadata': `slot ${text(slot)},filename ${text(file.name)}`,
  });
  await ask(
    'PATCH',
    upload.headers.get('Location') ?? '',
    { ...tus, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
    bytes,
  );
  return begun.id;
}
