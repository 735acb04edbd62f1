import { deflateSync } from 'node:zlib';
import { expect, type Locator, type Page } from '@playwright/test';
import * as answers from './answers';

export type Kind = 'person' | 'sole-trader' | 'entity';

/** Called with each section when it is filled in, before going on: a story looks at the page there. */
type Look = (section: string) => Promise<void>;

const nowhere: Look = async () => {};

export const heading = (page: Page, name: string | RegExp): Locator => page.getByRole('heading', { level: 1, name });

/** From the card of the service to the first section of a draft. */
export async function start(page: Page, kind: Kind, look: Look = nowhere): Promise<void> {
  await page.goto('/services/medical-activity');
  await expect(heading(page, 'Новая лицензия на медицинскую деятельность')).toBeVisible();
  await look('service');
  await page.getByRole('link', { name: 'Подать заявление' }).click();
  if (kind !== 'entity') {
    const name = kind === 'person' ? /^Физическое лицо/ : /^Индивидуальный предприниматель/;
    await page.getByRole('radio', { name }).check();
  }
  await look('start');
  await page.getByRole('button', { name: 'Начать заполнение' }).click();
  await expect(page).toHaveURL(/\/form\//);
}

export async function next(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Сохранить и продолжить' }).click();
}

async function fillAddress(group: Locator): Promise<void> {
  for (const [label, value] of Object.entries(answers.address)) await group.getByLabel(label).fill(value);
}

/** Types into the rows of a table, adding a row for each after the first. */
export async function fillTable(page: Page, rows: readonly answers.Cells[]): Promise<void> {
  for (const [index, row] of rows.entries()) {
    if (index > 0) await page.getByRole('button', { name: 'Добавить строку' }).click();
    for (const [column, value] of Object.entries(row)) {
      const cell = page.getByLabel(`${column}, строка ${index + 1}`, { exact: true });
      if ((await cell.evaluate((element) => element.tagName)) === 'SELECT') await cell.selectOption({ label: value });
      else await cell.fill(value);
    }
  }
}

/** The way through all sections of the form, to the page where the answers are checked. */
export async function fillAll(page: Page, kind: Kind, look: Look = nowhere): Promise<void> {
  for (const section of Object.keys(sections) as Section[]) {
    if (section === 'staff' ? kind !== 'entity' : section === 'experience' && kind === 'entity') continue;
    await expect(page).toHaveURL(new RegExp(`/form/${section}$`));
    await sections[section](page, kind, look);
    await look(section);
    const title = await page.locator('h1').innerText();
    await next(page);
    // The address changes before the page does, and two pages ask for the same day.
    await expect(page.locator('h1')).not.toHaveText(title);
  }
  await expect(heading(page, 'Проверьте ответы и подпишите')).toBeVisible();
}

type Section = keyof typeof sections;
type Fill = (page: Page, kind: Kind, look: Look) => Promise<void>;

export const sections = {
  licensor: async (page) => {
    await page
      .getByLabel('Лицензиар')
      .selectOption({ label: 'Управление здравоохранения акимата Северо-Казахстанской области' });
  },
  contacts: async (page, kind) => {
    await fillAddress(
      page.getByRole('group', {
        name: kind === 'entity' ? 'Адрес юридического лица' : 'Адрес местожительства физического лица',
      }),
    );
    await page.getByLabel('Электронная почта').fill('test@example.kz');
    await page.getByLabel('Телефон', { exact: true }).fill('+7 715 000 00 01');
  },
  activity: async (page) => {
    await page.getByLabel('Найти в перечне').fill('общая врачебная');
    await page.getByRole('checkbox', { name: 'Общая врачебная практика' }).check();
    await expect(page.getByText('Выбран 1 подвид', { exact: true })).toBeVisible();
  },
  sites: async (page) => {
    await fillAddress(page.getByRole('group', { name: 'Адрес 1' }));
  },
  premises: async (page, kind) => fillTable(page, answers.premises.slice(0, kind === 'person' ? 2 : 1)),
  equipment: async (page, kind, look) => {
    await page.getByLabel('Сведения по состоянию на дату').fill('20.03.2026');
    if (kind === 'person') await pasteEquipment(page, look);
    else await fillTable(page, answers.equipment);
  },
  staff: async (page) => {
    await page.getByLabel('Сведения по состоянию на дату').fill('20.03.2026');
    await fillTable(page, answers.staff);
  },
  education: async (page) => fillTable(page, answers.education),
  training: async (page) => fillTable(page, answers.training),
  experience: async (page) => {
    await fillTable(page, answers.experience);
    await expect(page.getByText('Нужно не менее 5 лет — достаточно.')).toBeVisible();
  },
  certificates: async (page) => fillTable(page, answers.certificates),
  documents: async (page, kind) => {
    const slot = {
      person: 'Документ о праве на помещение или договор аренды',
      'sole-trader': 'Свидетельство о государственной регистрации в качестве индивидуального предпринимателя',
      entity: 'Справка или свидетельство о государственной регистрации юридического лица',
    }[kind];
    await page.getByLabel(`Выбрать файл: ${slot}`).setInputFiles(scan());
    await expect(page.getByRole('link', { name: 'скан.png' })).toBeVisible();
  },
} satisfies Record<string, Fill>;

/** Rows copied from a spreadsheet, one cell of which is wrong: it is named, and put right where it stands. */
async function pasteEquipment(page: Page, look: Look): Promise<void> {
  await page.getByRole('button', { name: 'Вставить из таблицы' }).click();
  await page.getByLabel('Вставьте сюда скопированные строки').fill(answers.copiedEquipment);
  await expect(page.getByText('Прочитаны 3 строки.')).toBeVisible();
  await expect(page.getByText(/Строка 2, «Год».*20222/)).toBeVisible();
  await look('equipment-paste');
  await page.getByRole('button', { name: 'Вставить 3 строки' }).click();
  await expect(page.getByText('Вставлены 3 строки из таблицы')).toBeVisible();
  const year = page.getByLabel('Год, строка 2', { exact: true });
  await expect(year).toHaveValue('20222');
  await expect(year).toHaveAccessibleDescription(/Год: .*20222/);
  await look('equipment-bad-cell');
  await next(page);
  await expect(page.getByRole('alert')).toContainText('Строка 2');
  await look('equipment-refused');
  // What is wrong with it is quoted under the row, and must not make the page wider than a phone.
  await year.fill('2'.repeat(60));
  await look('equipment-long-value');
  await year.fill('2022');
  await expect(year).not.toHaveAttribute('aria-invalid', 'true');
}

/** A small picture as a scanner would make it: a PNG of grey dots. */
export function scan(): { name: string; mimeType: string; buffer: Buffer } {
  const [width, height] = [64, 64];
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8); // 8 bits, grey
  const rows = Buffer.alloc((width + 1) * height, 200);
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0; // no filter
  const buffer = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name: 'скан.png', mimeType: 'image/png', buffer };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
